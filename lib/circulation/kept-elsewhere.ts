/** What library systems keep of loans on their own, whatever is done here: for those who can switch it off there. */

export const keptElsewhere = {
  koha: "Koha: set patrons' privacy and run batch_anonymise.pl (old_issues.borrowernumber); statistics.borrowernumber is written even with privacy “never”; look at items_last_borrower and the circulation log (CirculationLog in action_logs).",
  evergreen:
    "Evergreen: circulations keep their patron until aged (action.circulation; history.circ.retention_age); look at action.usr_circ_history and at the bodies kept in action_trigger.event_output.",
  folio:
    "FOLIO: anonymise closed loans (loan.userId), and shorten what the circulation log keeps (audit_loan).",
  aspen: "Aspen: “Delete all” of its reading history only sets deleted = 1; empty those rows.",
  sip2: "A SIP2 account reads any patron without a PIN, and some servers write PINs to their log: look at both.",
} as const;
