/** One record as its catalogue card, and the copies of it. */
import { notFound } from "next/navigation";
import { readRecord } from "@/db/catalogue";
import { server } from "../../server";
import { PageTitle } from "../../ui/page-title";
import { Copies } from "./copies";
import { RecordCard } from "./record-card";

interface RecordPageProps {
  params: Promise<{ id: string }>;
}

const recordOf = async (id: string) =>
  /^[1-9]\d{0,9}$/.test(id) ? await readRecord(server().db, Number(id)) : null;

export default async function RecordPage({ params }: RecordPageProps) {
  const record = await recordOf((await params).id);
  if (record === null) notFound();
  return (
    <div className="mx-auto grid w-full max-w-page gap-10 px-4 py-8 sm:px-6 sm:py-12">
      <PageTitle name={record.title} />
      <RecordCard record={record} />
      <Copies items={record.items} recordCallNumber={record.callNumber} />
    </div>
  );
}
