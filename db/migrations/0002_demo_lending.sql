DROP INDEX "demo_loans_barcode_index";--> statement-breakpoint
CREATE UNIQUE INDEX "demo_holds_record_id_card_index" ON "demo_holds" USING btree ("record_id","card");--> statement-breakpoint
CREATE UNIQUE INDEX "demo_loans_one_out" ON "demo_loans" USING btree ("barcode") WHERE returned_on is null;