ALTER TABLE "loan_marks" ADD COLUMN "checkout_seen" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "loan_marks" ALTER COLUMN "checkout_seen" DROP DEFAULT;
