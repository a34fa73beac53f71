/** A Koha's own step of a check: the line. What its API client may do shows in the steps over the port. */
import { attention, fails, type OwnDiagnosis, works } from "../diagnosis";
import { keptElsewhere } from "../kept-elsewhere";
import type { KohaOptions } from "./koha-library";

export function diagnoseKoha({ server }: Pick<KohaOptions, "server">): OwnDiagnosis {
  const { protocol, hostname, host } = server.api;
  return {
    subject: `the REST API of the Koha at ${host}`,
    async *steps() {
      if (protocol === "https:") yield works("The line is to be encrypted (https).");
      else if (/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname))
        yield attention(
          "The line is not encrypted. It ends on this machine, as that of a tunnel does.",
          "See that the tunnel reaches to Koha's own machine.",
        );
      else
        yield fails(
          "The line is plain http: PINs, and the API client's secret, cross the network in clear unless something else encrypts it.",
          "Use https, or a tunnel whose end here is a loopback address.",
        );
      return "go on";
    },
    keeps: [keptElsewhere.koha],
    unseen: [
      "What else the API client may do: give its patron in Koha the permissions that docs/library-systems.md names, and no others.",
      "Whether the reading-history plugin runs, and whether its queue is being sent: Koha's plugin page tells.",
      "Whether Koha's web server logs the bodies of requests: that of a sign-in holds a PIN.",
    ],
  };
}
