/** A title with its author, linked to its record where the catalogue has one. */
import { getT } from "../i18n";
import { TextLink } from "../ui/text-link";

interface TitleLineProps {
  title: string;
  author: string | null;
  recordId: number | null;
}

export async function TitleLine({ title, author, recordId }: TitleLineProps) {
  const t = await getT();
  return (
    <div>
      <h3 className="font-title text-xl font-semibold">
        {recordId === null ? title : <TextLink href={`/record/${recordId}`}>{title}</TextLink>}
      </h3>
      {author ? <p className="text-muted">{t("account.by", { author })}</p> : null}
    </div>
  );
}
