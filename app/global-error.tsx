"use client";
/** The last resort, when the frame itself failed: no language is known here, so both speak. */
import "./globals.css";
import { errors as en } from "../messages/en.json";
import { errors as es } from "../messages/es.json";
import { Button } from "./ui/button";
import { Page } from "./ui/page-frame";

export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>{en.title}</title>
        <main>
          <Page heading={en.title} lead={en.text}>
            <Button type="button" onClick={reset}>
              {en.retry}
            </Button>
          </Page>
          <div lang="es">
            <Page heading={es.title} lead={es.text}>
              <Button type="button" onClick={reset}>
                {es.retry}
              </Button>
            </Page>
          </div>
        </main>
      </body>
    </html>
  );
}
