CREATE TABLE "allowances" (
	"key" "bytea" PRIMARY KEY NOT NULL,
	"tokens" double precision NOT NULL,
	"refilled_at" timestamp with time zone NOT NULL,
	"full_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "demo_holds" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"card" text NOT NULL,
	"record_id" integer NOT NULL,
	"placed_on" date NOT NULL,
	"ready_on" date
);
--> statement-breakpoint
CREATE TABLE "demo_last_borrowers" (
	"barcode" text PRIMARY KEY NOT NULL,
	"card" text NOT NULL,
	"clear_on" date NOT NULL
);
--> statement-breakpoint
CREATE TABLE "demo_loans" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"card" text NOT NULL,
	"barcode" text NOT NULL,
	"out_on" date NOT NULL,
	"due_on" date NOT NULL,
	"renewals" integer DEFAULT 0 NOT NULL,
	"returned_on" date,
	"fine_cents" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "demo_patrons" (
	"card" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"pin_hash" text NOT NULL,
	"failed_sign_ins" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp with time zone
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "loan_marks" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"vault_id" uuid NOT NULL,
	"until" date NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vault_chapters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"vault_id" uuid NOT NULL,
	"body" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vault_inbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"vault_id" uuid NOT NULL,
	"body" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vault_keys" (
	"vault_id" uuid NOT NULL,
	"key_id" text NOT NULL,
	"generation" integer NOT NULL,
	"wrapped" "bytea" NOT NULL,
	CONSTRAINT "vault_keys_vault_id_key_id_pk" PRIMARY KEY("vault_id","key_id")
);
--> statement-breakpoint
CREATE TABLE "vault_slots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"vault_id" uuid NOT NULL,
	"body" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vaults" (
	"id" uuid PRIMARY KEY NOT NULL,
	"handle" "bytea" NOT NULL,
	"head" "bytea" NOT NULL,
	"manifest" "bytea" NOT NULL,
	CONSTRAINT "vaults_handle_unique" UNIQUE("handle")
);
--> statement-breakpoint
ALTER TABLE "demo_holds" ADD CONSTRAINT "demo_holds_card_demo_patrons_card_fk" FOREIGN KEY ("card") REFERENCES "public"."demo_patrons"("card") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "demo_last_borrowers" ADD CONSTRAINT "demo_last_borrowers_card_demo_patrons_card_fk" FOREIGN KEY ("card") REFERENCES "public"."demo_patrons"("card") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "demo_loans" ADD CONSTRAINT "demo_loans_card_demo_patrons_card_fk" FOREIGN KEY ("card") REFERENCES "public"."demo_patrons"("card") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "loan_marks" ADD CONSTRAINT "loan_marks_vault_id_vaults_id_fk" FOREIGN KEY ("vault_id") REFERENCES "public"."vaults"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_chapters" ADD CONSTRAINT "vault_chapters_vault_id_vaults_id_fk" FOREIGN KEY ("vault_id") REFERENCES "public"."vaults"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_inbox" ADD CONSTRAINT "vault_inbox_vault_id_vaults_id_fk" FOREIGN KEY ("vault_id") REFERENCES "public"."vaults"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_keys" ADD CONSTRAINT "vault_keys_vault_id_vaults_id_fk" FOREIGN KEY ("vault_id") REFERENCES "public"."vaults"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_slots" ADD CONSTRAINT "vault_slots_vault_id_vaults_id_fk" FOREIGN KEY ("vault_id") REFERENCES "public"."vaults"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "demo_holds_card_index" ON "demo_holds" USING btree ("card");--> statement-breakpoint
CREATE INDEX "demo_loans_card_index" ON "demo_loans" USING btree ("card");--> statement-breakpoint
CREATE INDEX "demo_loans_barcode_index" ON "demo_loans" USING btree ("barcode");--> statement-breakpoint
CREATE INDEX "loan_marks_vault_id_index" ON "loan_marks" USING btree ("vault_id");--> statement-breakpoint
CREATE INDEX "vault_chapters_vault_id_index" ON "vault_chapters" USING btree ("vault_id");--> statement-breakpoint
CREATE INDEX "vault_inbox_vault_id_index" ON "vault_inbox" USING btree ("vault_id");--> statement-breakpoint
CREATE INDEX "vault_slots_vault_id_index" ON "vault_slots" USING btree ("vault_id");