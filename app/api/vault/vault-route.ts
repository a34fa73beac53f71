/** A patron's route to their vault, which says so when the server can no longer open its own layer of it. */
import { patronRoute, problem } from "@/app/guarded-route";
import { isDamage } from "@/lib/custody/custody-fault";
import { log } from "@/lib/log";

/**
 * As `patronRoute`, and 409 `damaged` for a vault whose head or keys do not open: that is no passing fault, and the patron
 * should know. One line of the log tells that it happened; not whose vault it is.
 */
export function vaultRoute(name: string, answer: Parameters<typeof patronRoute>[1]): Route {
  return patronRoute(name, async (call) => {
    try {
      return await answer(call);
    } catch (fault) {
      if (!isDamage(fault)) throw fault;
      log().error("vault-damaged", fault, { route: name, method: call.request.method });
      return problem(409, "damaged");
    }
  });
}

type Route = ReturnType<typeof patronRoute>;
