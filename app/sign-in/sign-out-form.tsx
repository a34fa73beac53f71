/** The button that signs out: a form, so that it works without JavaScript and never by a link from elsewhere. */
import { getT } from "@/app/i18n";
import { Button, type ButtonKind } from "@/app/ui/button";
import { readCsrfToken } from "@/lib/auth/csrf-cookie";
import { SignOutSubmit } from "./sign-out-submit";

export async function SignOutForm({
  kind = "link",
  className = "",
}: {
  kind?: ButtonKind;
  className?: string;
}) {
  const [t, token] = [await getT(), await readCsrfToken()];
  return (
    <SignOutSubmit>
      <input type="hidden" name="csrfToken" value={token} />
      <Button kind={kind} className={className}>
        <span className="md:hidden">{t("common.short.signOut")}</span>
        <span className="max-md:hidden">{t("common.signOut")}</span>
      </Button>
    </SignOutSubmit>
  );
}
