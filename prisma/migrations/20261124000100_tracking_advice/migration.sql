-- What a person can do about a refused tracking update, beside the marketplace's own words.
ALTER TABLE "shipments"
    ADD COLUMN "tracking_field" TEXT,
    ADD COLUMN "tracking_marketplace_message" TEXT;
