/** The catalogue's search box: a GET form that needs no JavaScript. */
import Form from "next/form";
import { getT } from "./i18n";
import { Button } from "./ui/button";
import { fieldLook } from "./ui/text-field";

interface SearchBoxProps {
  /** What was searched for, to stay in the box. */
  q?: string;
}

export const longestQuery = 200;

export async function SearchBox({ q = "" }: SearchBoxProps) {
  const t = await getT();
  return (
    <search>
      <Form action="/search" prefetch={false} className="grid gap-1.5">
        <label htmlFor="q" className="justify-self-start font-semibold">
          {t("search.label")}
        </label>
        <div className="flex flex-wrap gap-2">
          <input
            key={q}
            id="q"
            name="q"
            type="search"
            defaultValue={q}
            maxLength={longestQuery}
            autoComplete="off"
            autoCapitalize="none"
            enterKeyHint="search"
            aria-describedby="q-hint"
            className={`${fieldLook} min-w-0 flex-[1_1_min(11rem,100%)]`}
          />
          <Button className="flex-[0_1_auto]">{t("search.button")}</Button>
        </div>
        <p id="q-hint" className="text-muted">
          {t("search.hint")}
        </p>
      </Form>
    </search>
  );
}
