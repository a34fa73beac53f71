"use client";
/** The history page's live part: no history yet, locked, unlocking, open or deleted; the way to delete always below. */
import { useActionState, useEffect } from "react";
import type { PasskeyQuestion } from "@/lib/vault/passkey-question";
import { type DeletionState, deleteHistory } from "./actions";
import { DeleteHistory } from "./delete-history";
import { DeletedHistory } from "./deleted-history";
import { deviceCopies } from "./device-copies";
import { Invitation } from "./invitation";
import { Keys } from "./keys";
import { lockOtherTabs } from "./lock-everywhere";
import { LockedVault } from "./locked-vault";
import { OpenHistory } from "./open-history";
import { OwnDevice } from "./own-device";
import { matchOwnDeviceCookie } from "./own-device-cookie";
import { Portable } from "./portable";
import { useVault } from "./use-vault";

interface HistoryScreenProps {
  /** Null: there is no history. */
  vaultId: string | null;
  passkeys: readonly PasskeyQuestion[];
  cardNumber: string;
  /** Whether the library system is asked for current loans when the history opens. */
  visits: boolean;
}

export function HistoryScreen({ vaultId, passkeys, cardNumber, visits }: HistoryScreenProps) {
  const vault = useVault({ vaultId, passkeys, cardNumber, visits });
  const [deletion, act, pending] = useActionState<DeletionState>(deleteHistory, { state: "asked" });
  const { lock, now } = vault;
  const deleted = deletion.state === "deleted";
  useEffect(() => {
    if (!deleted) return;
    lock("asked");
    lockOtherTabs();
    if (vaultId !== null) void deviceCopies.forget(vaultId).then(matchOwnDeviceCookie);
  }, [deleted, lock, vaultId]);
  if (deleted) return <DeletedHistory receipt={deletion.receipt} />;
  if (vaultId === null) return <Invitation />;
  return (
    <>
      {now.state === "open" ? (
        <>
          <OpenHistory {...now} vault={vault} />
          <OwnDevice isOwn={now.overview.ownDevice} vault={vault} />
          <Keys overview={now.overview} vault={vault} />
          <Portable vault={vault} />
        </>
      ) : (
        <LockedVault
          now={now}
          vaultId={vaultId}
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
