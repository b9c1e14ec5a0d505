#!/usr/bin/env bash
# Cuts the three sample sets from their sources again. Needs Debian's apt-get (as root) and npm; writes beside itself.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

apt-get install --yes --no-install-recommends r-base-core r-cran-modeldata > /dev/null
cd "$work"
npm init --yes > /dev/null
npm install --silent --no-save vega-datasets@3.2.1 @duckdb/node-api@1.5.6-r.1 > /dev/null

# The source keeps a station's rides 14 days late (its columns are lags): row d holds the rides of d - 14.
Rscript - "$here" <<'R'
library(modeldata)
folder <- commandArgs(trailingOnly = TRUE)[1]
data(Chicago)
first <- as.Date("2001-01-22")
last <- as.Date("2001-06-30")

lagged <- data.frame(date = Chicago$date - 14, rides = Chicago$Clark_Lake)
check <- merge(lagged, data.frame(date = Chicago$date, rides_same_day = Chicago$ridership))
stopifnot(nrow(check) > 5000, all(abs(check$rides - check$rides_same_day) < 1e-9))

slashed <- c("Clark_Lake" = "Clark/Lake", "Quincy_Wells" = "Quincy/Wells", "Washington_Wells" = "Washington/Wells",
  "Archer_35th" = "35th/Archer")
name_of <- function(station) if (station %in% names(slashed)) slashed[[station]] else gsub("_", " ", station)
rides <- do.call(rbind, lapply(stations, function(station) {
  data.frame(date = Chicago$date - 14, station = name_of(station), rides_thousand = Chicago[[station]])
}))
rides <- rides[rides$date >= first & rides$date <= last, ]
rides <- rides[order(rides$date, rides$station, method = "radix"), ]
write.csv(rides, file.path(folder, "l-ridership-2001.csv"), row.names = FALSE, quote = FALSE)

names <- c("date", "temp_min", "temp", "temp_max", "dew", "humidity", "pressure", "pressure_change", "wind", "wind_max",
  "gust_max", "percip", "percip_max", "weather_rain", "weather_snow", "weather_cloud", "weather_storm")
weather <- as.data.frame(Chicago[Chicago$date >= first & Chicago$date <= last, names])
names(weather)[names(weather) == "percip"] <- "precip"
names(weather)[names(weather) == "percip_max"] <- "precip_max"
weather[-1] <- lapply(weather[-1], round, 4)
write.csv(weather, file.path(folder, "weather-chicago-2001.csv"), row.names = FALSE, quote = FALSE)
R

cat > flights.mjs <<'JS'
import { DuckDBInstance } from '@duckdb/node-api';
const database = await DuckDBInstance.create(':memory:');
const connection = await database.connect();
await connection.run(`
  COPY (
    SELECT date AS departure, delay::INTEGER AS delay, distance::INTEGER AS distance, origin, destination
    FROM 'node_modules/vega-datasets/data/flights-3m.parquet'
    WHERE (origin IN ('ORD', 'MDW') OR destination IN ('ORD', 'MDW'))
      AND date >= TIMESTAMP '2001-01-22' AND date < TIMESTAMP '2001-07-01'
    ORDER BY departure, origin, destination, distance, delay)
  TO '${process.argv[2]}/flights-chicago-2001.parquet' (FORMAT parquet, COMPRESSION zstd)`);
JS
node flights.mjs "$here"
ls -l "$here"
