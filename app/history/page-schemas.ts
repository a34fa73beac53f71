/** Zod for the page itself: it must not try whether it may compile schemas, which the page's policy forbids and reports. */
import { z } from "zod";

z.config({ jitless: true });

export { z };
