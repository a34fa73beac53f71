CREATE TABLE "commonplace_keyring" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"document" text NOT NULL,
	CONSTRAINT "commonplace_keyring_is_one" CHECK ("commonplace_keyring"."only")
);
--> statement-breakpoint
ALTER TABLE "commonplace_keyring" ALTER COLUMN "document" SET STORAGE EXTERNAL;
