"use client";
/** The two steps of a new passkey: its name and a present secret; then the passkey itself, by the browser's own dialog. */
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { TextField } from "@/app/ui/text-field";
import { KeyFailureNotice } from "./key-forms";
import { useLibraryName } from "./library-name";
import {
  askPasskey,
  forgetPasskey,
  makePasskey,
  type PasskeyRefusal,
  passkeyHost,
  refusalOfBrowser,
} from "./passkey";
import { PasskeyRefusalNotice } from "./passkey-refusal";
import { PresentSecretForm } from "./present-secret";
import type { KeysActs, KeysState } from "./use-keys";
import type { Vault } from "./use-vault";

type At<S extends KeysState["step"]> = Omit<Extract<KeysState, { step: S }>, "step"> & {
  acts: KeysActs;
  vault: Vault;
};

export function NamePasskey({ failure, working, acts, vault }: At<"passkey">) {
  const t = useTranslations("history.keys");
  const words = useTranslations("history.passkey");
  const [name, setName] = useState("");
  const [refusal, setRefusal] = useState<PasskeyRefusal | null>(null);
  useEffect(() => void refusalOfBrowser().then(setRefusal), []);
  if (refusal) {
    return (
      <>
        <PasskeyRefusalNotice refusal={refusal} />
        <div>
          <ActionButton kind="quiet" onPress={acts.leave}>
            {t("back")}
          </ActionButton>
        </div>
      </>
    );
  }
  return (
    <>
      <p className="max-w-measure">{words("text")}</p>
      <PresentSecretForm
        passkeys={vault.passkeys}
        working={working}
        failure={failure ? <KeyFailureNotice failure={failure} /> : null}
        submitLabel={words("continue")}
        cancelLabel={t("cancel")}
        onCancel={acts.leave}
        onSubmit={(present) => void acts.change({ kind: "passkey", present, name })}
      >
        <TextField
          id="passkey-name"
          label={words("name")}
          description={words("nameHint")}
          value={name}
          maxLength={60}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </PresentSecretForm>
    </>
  );
}

/** `confirm`: made, and its outputs come only when it is used. `answered`: the vault's thread has them. */
type Making = { at: "make" } | { at: "confirm"; credentialId: Uint8Array } | { at: "answered" };

export function MakePasskey({ salt, failure, working, acts, vault }: At<"make">) {
  const t = useTranslations("history.keys");
  const words = useTranslations("history.passkey");
  const libraryName = useLibraryName();
  const [now, setNow] = useState<Making>({ at: "make" });
  const [asking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<PasskeyRefusal | null>(null);

  async function make() {
    const made = await makePasskey({
      salt,
      known: vault.passkeys,
      libraryName,
      accountName: words("account"),
    });
    if (!made.ok) return setRefusal(made);
    if (made.answer === null) return setNow({ at: "confirm", credentialId: made.credentialId });
    setNow({ at: "answered" });
    await acts.keepPasskey({ ...made.answer, host: passkeyHost() });
  }

  async function confirm(credentialId: Uint8Array) {
    const asked = await askPasskey([{ salt, credentialId, host: passkeyHost() }]);
    if (asked.ok) {
      setNow({ at: "answered" });
      return acts.keepPasskey({ ...asked.answer, host: passkeyHost() });
    }
    setRefusal(asked);
    if (asked.why !== "authenticator") return;
    await forgetPasskey(credentialId);
    setNow({ at: "make" });
  }

  async function goOn() {
    if (asking || working) return;
    setRefusal(null);
    setAsking(true);
    if (now.at === "make") await make();
    else if (now.at === "confirm") await confirm(now.credentialId);
    else await acts.keepPasskey(null);
    setAsking(false);
  }

  return (
    <>
      <p className="max-w-measure">{words(now.at === "confirm" ? "confirmText" : "makeText")}</p>
      {refusal ? <PasskeyRefusalNotice refusal={refusal} /> : null}
      {failure ? <KeyFailureNotice failure={failure} /> : null}
      <div className="flex flex-wrap gap-3">
        <ActionButton pending={asking || working} pendingLabel={words("waiting")} onPress={() => void goOn()}>
          {words(now.at === "make" ? "make" : now.at === "confirm" ? "confirm" : "again")}
        </ActionButton>
        <ActionButton
          kind="quiet"
          onPress={() => {
            if (now.at === "confirm") void forgetPasskey(now.credentialId);
            acts.leave();
          }}
        >
          {t("cancel")}
        </ActionButton>
      </div>
    </>
  );
}
