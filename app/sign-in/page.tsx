/** Signing in with card and PIN: a plain form that next-auth answers, the same with and without JavaScript. */
import { redirect } from "next/navigation";
import { getT, type T } from "@/app/i18n";
import { Button } from "@/app/ui/button";
import { Notice } from "@/app/ui/notice";
import { Card, Page } from "@/app/ui/page-frame";
import { TextField } from "@/app/ui/text-field";
import { callbackPath } from "@/lib/auth/callback-path";
import { readCsrfToken } from "@/lib/auth/csrf-cookie";
import { readSession } from "@/lib/auth/session";
import { readSignInError } from "@/lib/auth/sign-in-error";
import { env } from "@/lib/env";
import { PageTitle } from "../ui/page-title";

interface SignInProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInProps) {
  const { callbackUrl, error } = await searchParams;
  const path = callbackPath(callbackUrl);
  if (await readSession()) redirect(path);
  const [t, token] = [await getT(), await readCsrfToken()];
  const { LIBRARY_SYSTEM, SESSION_MINUTES } = env();
  return (
    <Page heading={t("signIn.title")} lead={t("signIn.lead")}>
      <PageTitle name={t("signIn.title")} />
      {typeof error === "string" ? <Refusal t={t} error={error} /> : null}
      <Card>
        <form method="post" action="/api/auth/callback/credentials" className="grid gap-5">
          <input type="hidden" name="csrfToken" value={token} />
          <input type="hidden" name="callbackUrl" value={path} />
          <TextField
            id="card"
            name="card"
            label={t("signIn.card")}
            description={t("signIn.cardHelp")}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={128}
            required
            code
          />
          <TextField
            id="pin"
            name="pin"
            type="password"
            label={t("signIn.pin")}
            description={t("signIn.pinHelp")}
            autoComplete="current-password"
            maxLength={128}
            required
            code
          />
          <Button className="justify-self-start">{t("signIn.button")}</Button>
        </form>
      </Card>
      <p className="text-muted">{t("signIn.session", { minutes: SESSION_MINUTES })}</p>
      {LIBRARY_SYSTEM === "demo" ? (
        <Notice heading={t("signIn.demoHeading")}>
          <p>{t("signIn.demo")}</p>
        </Notice>
      ) : null}
    </Page>
  );
}

function Refusal({ t, error }: { t: T; error: string }) {
  const refusal = readSignInError(error);
  const minutes = "minutes" in refusal ? refusal.minutes : 0;
  return (
    <Notice kind="danger" announce="alert" heading={t(`signIn.refusals.${refusal.code}.what`)}>
      <p>{t(`signIn.refusals.${refusal.code}.do`, { minutes })}</p>
    </Notice>
  );
}
