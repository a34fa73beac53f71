/** Books side by side on a board: cover, title, author. */
import Link from "next/link";
import type { BriefRecord } from "@/db/catalogue";
import { nameOf } from "./record-words";
import { Cover } from "./ui/cover";

export function Shelf({ records }: { records: readonly BriefRecord[] }) {
  return (
    <ul className="grid grid-cols-2 gap-x-4 gap-y-8 min-[28rem]:grid-cols-3 sm:grid-cols-4 lg:grid-cols-6">
      {records.map((record) => (
        <li key={record.id} className="max-sm:nth-[n+7]:hidden">
          <Link href={`/record/${record.id}`} prefetch={false} className="group grid gap-2">
            <span className="block border-b-4 border-edge px-2">
              <Cover
                title={record.title}
                author={record.authors[0] ?? null}
                format={record.format}
                className="w-full"
              />
            </span>
            <span className="grid leading-snug">
              <span dir="auto" className="line-clamp-3 font-title group-hover:underline">
                {record.title}
              </span>
              {record.authors[0] ? (
                <span dir="auto" className="line-clamp-2 text-muted">
                  {nameOf(record.authors[0])}
                </span>
              ) : null}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
