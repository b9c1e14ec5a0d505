-- The need: Chicago's travel desk staffs the O'Hare train link. It wants to tell from a day's weather how late
-- O'Hare's arrivals will be, and how many riders that meets. No single holder can say: the airline office has the
-- delays, the weather service the weather, the transit authority the riders.
--
-- Measure: mean absolute error, in minutes, of the guessed mean arrival delay of a day at O'Hare, each day weighted
-- by its rides at Jefferson Park, the sampled station on the line to O'Hare (an error on a busy day counts more).
--   before: the guess is the usual delay, the median over the days of all other weeks (better than by weekday)
--   after:  the guess is the median over the seven days of other weeks whose weather was most alike
-- A day's own week never takes part in its guess, so neither figure has seen what it guesses. Delays on days of
-- later weeks do take part: this asks what the joined sets know, it is not a forecast made in 2001.
--
-- In: the governed views flights (departure, delay [min], destination), ridership (date, station, rides_thousand)
-- and weather (date, gust_max, humidity, weather_rain, weather_snow, weather_storm), each read under its contract.

CREATE OR REPLACE TEMP VIEW days AS
WITH arrivals AS (
    SELECT CAST(departure AS DATE) AS date, avg(delay) AS delay, count(*) AS flights
    FROM flights
    WHERE destination = 'ORD'
    GROUP BY 1
), riders AS (
    SELECT CAST(date AS DATE) AS date, 1000 * sum(rides_thousand) AS rides
    FROM ridership
    WHERE station = 'Jefferson Park'
    GROUP BY 1
), sky AS (
    -- Each measure in its own standard deviations, so that they can be added.
    SELECT CAST(date AS DATE) AS date,
        (weather_storm + weather_rain) / stddev(weather_storm + weather_rain) OVER () AS wet,
        weather_snow / stddev(weather_snow) OVER () AS snow,
        humidity / stddev(humidity) OVER () AS humid,
        gust_max / stddev(gust_max) OVER () AS gusty
    FROM weather
)
SELECT *, date_diff('day', DATE '2001-01-22', date) // 7 AS week, dayofweek(date) AS weekday
FROM arrivals JOIN riders USING (date) JOIN sky USING (date);

CREATE OR REPLACE TEMP VIEW guesses AS
WITH pairs AS (
    SELECT d.date, d.delay, d.rides, d.weekday, o.delay AS other_delay, o.rides AS other_rides,
        o.weekday AS other_weekday,
        row_number() OVER (PARTITION BY d.date ORDER BY
            (d.wet - o.wet) ** 2 + (d.snow - o.snow) ** 2 + (d.humid - o.humid) ** 2 + (d.gusty - o.gusty) ** 2,
            o.date) AS likeness
    FROM days d JOIN days o ON d.week <> o.week
)
SELECT date, delay, rides,
    median(other_delay) AS usual_delay,
    median(other_delay) FILTER (likeness <= 7) AS guessed_delay,
    median(other_rides) FILTER (other_weekday = weekday) AS usual_rides
FROM pairs
GROUP BY date, delay, rides, weekday;

-- The figure before and after, one row.
SELECT round(sum(rides * abs(delay - usual_delay)) / sum(rides), 2) AS before_minutes,
    round(sum(rides * abs(delay - guessed_delay)) / sum(rides), 2) AS after_minutes,
    count(*) AS days
FROM guesses;

-- The answer, one row: on the days that the weather marks as late (over 15 minutes), how often was it right, and how
-- many riders did it meet at Jefferson Park, against the same weekdays of other weeks?
SELECT count(*) AS days_marked_late,
    count(*) FILTER (delay > 15) AS days_really_late,
    (SELECT count(*) FROM guesses WHERE delay > 15) AS late_days_in_all,
    round(avg(delay), 1) AS mean_delay_minutes,
    CAST(round(avg(rides)) AS BIGINT) AS rides_a_day,
    CAST(round(avg(usual_rides)) AS BIGINT) AS usual_rides_a_day
FROM guesses
WHERE guessed_delay > 15;
