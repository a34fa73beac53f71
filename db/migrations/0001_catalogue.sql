CREATE TABLE "items" (
	"barcode" text PRIMARY KEY NOT NULL,
	"record_id" integer NOT NULL,
	"branch" text NOT NULL,
	"call_number" text
);
--> statement-breakpoint
CREATE TABLE "records" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "records_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"control_number" text NOT NULL,
	"title" text NOT NULL,
	"subtitle" text,
	"original_title" text,
	"responsibility" text,
	"authors" text[] NOT NULL,
	"isbns" text[] NOT NULL,
	"format" text NOT NULL,
	"language" text,
	"year" integer,
	"edition" text,
	"publisher" text,
	"extent" text,
	"series" text[] NOT NULL,
	"subjects" text[] NOT NULL,
	"call_number" text,
	"summary" text,
	"added_on" date DEFAULT now() NOT NULL,
	"title_key" text NOT NULL,
	"words" "tsvector" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "items" ADD CONSTRAINT "items_record_id_records_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."records"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "items_record_id_index" ON "items" USING btree ("record_id");--> statement-breakpoint
CREATE UNIQUE INDEX "records_source_control_number_index" ON "records" USING btree ("source","control_number");--> statement-breakpoint
CREATE INDEX "records_words_index" ON "records" USING gin ("words");--> statement-breakpoint
CREATE INDEX "records_added_on_index" ON "records" USING btree ("added_on");