-- When a version was published, without its body: of versions from before, only that tells it.
ALTER TABLE product_version ADD COLUMN published TEXT;
DROP INDEX product_version_product;
CREATE INDEX product_version_product ON product_version (participant, product, id, published);
