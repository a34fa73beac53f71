"use client";
/** The history page's live part: no history yet, locked, unlocking, open or deleted; the way to delete always below. */
import { useActionState, useEffect } from "react";
import type { PasskeyQuestion } from "@/lib/vault/passkey-question";
import { type DeletionState, deleteHistory } from "./actions";
import { DeleteHistory } from "./delete-history";
import { DeletedHistory } from "./deleted-history";
import { Invitation } from "./invitation";
import { Keys } from "./keys";
import { lockOtherTabs } from "./lock-everywhere";
import { LockedVault } from "./locked-vault";
import { OpenHistory } from "./open-history";
import { Portable } from "./portable";
import { useVault } from "./use-vault";

interface HistoryScreenProps {
  hasVault: boolean;
  passkeys: readonly PasskeyQuestion[];
  cardNumber: string;
  /** Whether the library system is asked for current loans when the history opens. */
  visits: boolean;
}

export function HistoryScreen({ hasVault, passkeys, cardNumber, visits }: HistoryScreenProps) {
  const vault = useVault({ passkeys, cardNumber, visits });
  const [deletion, act, pending] = useActionState<DeletionState>(deleteHistory, { state: "asked" });
  const { lock, now } = vault;
  const deleted = deletion.state === "deleted";
  useEffect(() => {
    if (!deleted) return;
    lock("asked");
    lockOtherTabs();
  }, [deleted, lock]);
  if (deleted) return <DeletedHistory receipt={deletion.receipt} />;
  if (!hasVault) return <Invitation />;
  return (
    <>
      {now.state === "open" ? (
        <>
          <OpenHistory {...now} vault={vault} />
          <Keys overview={now.overview} vault={vault} />
          <Portable vault={vault} />
        </>
      ) : (
        <LockedVault
          now={now}
          passkeys={vault.passkeys}
          onUnlock={vault.unlock}
          onDelete={act}
          deleting={pending}
        />
      )}
      <DeleteHistory
        onDelete={act}
        pending={pending}
        failure={deletion.state === "failed" ? deletion.why : null}
        onExport={now.state === "open" ? vault.exportAs : null}
      />
    </>
  );
}
