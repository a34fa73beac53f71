/** The demo library's own step of a check: it says that it is one. */
import { attention, type OwnDiagnosis } from "../diagnosis";

export const demoDiagnosis: OwnDiagnosis = {
  subject: "the bundled demo library",
  async *steps() {
    yield attention(
      "This is the demo library: its patrons are made up, and it lends nothing.",
      "Set LIBRARY_SYSTEM to the library's own system before patrons come; docs/library-systems.md says how.",
    );
    return "go on";
  },
  keeps: ["The demo library forgets who had an item last after LAST_BORROWER_DAYS days."],
  unseen: [],
};
