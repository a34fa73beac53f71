/** Makes a missing message key, or a locale we do not have, a type error. */

import type messages from "../messages/en.json";
import type { Locale } from "./locale";

declare module "use-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: typeof messages;
  }
}
