/** `npm run dev`: the same library with next's development server, which rebuilds as files change. */
import { nextProgram } from "./application-build";
import { runLibrary } from "./library-run";
import { startWeb } from "./web-process";

await runLibrary({
  command: "npm run dev",
  serve: () =>
    startWeb(
      process.cwd(),
      [
        nextProgram(),
        "dev",
        "--port",
        process.env.PORT ?? "3000",
        "--hostname",
        process.env.HOST ?? "127.0.0.1",
      ],
      { ...process.env, NODE_ENV: "development" },
      { saysWhenReady: false },
    ),
});
