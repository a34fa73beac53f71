/** One record as its catalogue card, and the copies of it. */
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { readRecord } from "@/db/catalogue";
import { getT } from "../../i18n";
import { server } from "../../server";
import { Copies } from "./copies";
import { RecordCard } from "./record-card";

interface RecordPageProps {
  params: Promise<{ id: string }>;
}

/** Read once for the title and the page. */
const recordOf = cache(async (id: string) =>
  /^[1-9]\d{0,9}$/.test(id) ? await readRecord(server().db, Number(id)) : null,
);

export async function generateMetadata({ params }: RecordPageProps): Promise<Metadata> {
  const [t, record] = [await getT(), await recordOf((await params).id)];
  return { title: record?.title ?? t("errors.notFoundTitle") };
}

export default async function RecordPage({ params }: RecordPageProps) {
  const record = await recordOf((await params).id);
  if (record === null) notFound();
  return (
    <div className="mx-auto grid w-full max-w-page gap-10 px-4 py-8 sm:px-6 sm:py-12">
      <RecordCard record={record} />
      <Copies items={record.items} recordCallNumber={record.callNumber} />
    </div>
  );
}
