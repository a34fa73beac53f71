/** What is out to the patron now, for the browser to merge into the history. Read from the library system, kept nowhere. */
import { json, problem } from "@/app/guarded-route";
import { server } from "@/app/server";
import type { CurrentLoan } from "@/lib/circulation/port";
import { entryIdsOf } from "@/lib/custody/entry-ids";
import { cutVisitedLoan } from "@/lib/vault/visited-loan";
import { vaultRoute } from "../vault-route";
import { visitWire } from "../wire";

export const GET = vaultRoute("/api/vault/loans", async ({ session }) => {
  const { librarySystem, today } = server();
  if (!librarySystem.capabilities.visits) return problem(404, "no-visits");
  const { patronId: id, pass } = session;
  const answer = await librarySystem.readAccount({ id, pass });
  if (!answer.ok && answer.why === "sign-in-again") return problem(401, "signed-out");
  if (!answer.ok) return problem(503, "library-unreachable");
  const { loans, unlistedLoans } = answer.account;
  const entryIds = await entryIdsOf(
    server(),
    id,
    loans.flatMap(({ loanId }) => loanId ?? []),
  );
  if (entryIds === null) return problem(404, "no-vault");
  const visited = loans.map((loan) => visitedLoan(loan, entryIds));
  return json(visitWire.encode({ day: today(), isComplete: unlistedLoans === 0, loans: visited }));
});

function visitedLoan(loan: CurrentLoan, entryIds: Map<string, string>) {
  const { title, author, recordId, isbn, format, callNumber, subjects, outOn, dueOn } = loan;
  return cutVisitedLoan({
    entryId: loan.loanId === null ? null : (entryIds.get(loan.loanId) ?? null),
    item: loan.barcode ?? title,
    recordId: recordId === null ? null : String(recordId),
    ...{ title, author, isbn, format, callNumber, subjects, outOn, dueOn },
  });
}
