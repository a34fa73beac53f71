/** A passkey opens the history; one that cannot keep a key is refused and leaves nothing behind. */
import type { CDPSession, Page } from "@playwright/test";
import { expectNoAxeViolation, expectNoSidewaysScroll } from "./accessible-page";
import { demoCards, expect, test } from "./commonplace-test";
import { deleteHistoryIfAny, turnOnHistory, unlockHistory } from "./reading-history";

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, demoCards[1]);
  await deleteHistoryIfAny(page);
});

interface Authenticator {
  cdp: CDPSession;
  id: string;
}

/** Chromium's own authenticator in software, as a device's built-in one behaves. */
async function addAuthenticator(page: Page, hasPrf: boolean): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId: id } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, id };
}

async function credentialsOf({ cdp, id }: Authenticator) {
  const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId: id });
  return credentials;
}

const waysOf = (page: Page) => page.getByRole("list", { name: "Your keys" }).getByRole("listitem");
const lock = (page: Page) => page.getByRole("button", { name: "Lock", exact: true });
const usePasskey = (page: Page) => page.getByRole("button", { name: "Use a passkey", exact: true });

/** Up to the browser's own dialog. */
async function nameNewPasskey(page: Page, passphrase: string, name: string): Promise<void> {
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("heading", { name: "Add a passkey" })).toBeFocused();
  await page.getByLabel("Name for this passkey").fill(name);
  await page.getByLabel("Your present passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { name: "Make your passkey" })).toBeFocused();
}

async function addPasskey(page: Page, passphrase: string, name: string): Promise<void> {
  await nameNewPasskey(page, passphrase, name);
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await expect(page.getByRole("heading", { name: "Your passkey is added" })).toBeFocused();
  await page.getByRole("button", { name: "Back to your keys" }).click();
}

test("a passkey is added, opens the history first of all ways, is listed with its days, and opens nothing once removed", async ({
  page,
}) => {
  const { passphrase } = await turnOnHistory(page);
  const device = await addAuthenticator(page, true);
  await unlockHistory(page, passphrase);
  await expect(waysOf(page)).toHaveCount(2);
  await expect(waysOf(page).first()).toContainText("Last used on");
  await expect(waysOf(page).nth(1)).toContainText("Not used yet.");
  await addPasskey(page, passphrase, "My phone");
  await expect(waysOf(page)).toHaveCount(3);
  await expect(waysOf(page).nth(2)).toContainText("My phone");
  await expect(waysOf(page).nth(2)).toContainText("Not used yet.");
  await expectNoAxeViolation(page);
  const [credential] = await credentialsOf(device);
  expect(credential).toMatchObject({ rpId: "localhost", userName: "Reading history" });

  await lock(page).click();
  await expect(page.getByLabel("Passphrase", { exact: true })).toBeHidden();
  await expectNoAxeViolation(page);
  await usePasskey(page).click();
  await expect(lock(page)).toBeVisible();
  await expect(waysOf(page).nth(2)).toContainText("Last used on");

  await page.reload();
  await usePasskey(page).click();
  await expect(lock(page)).toBeVisible();

  await page.getByRole("button", { name: "Remove this passkey: My phone" }).click();
  await expect(page.getByRole("heading", { name: "Remove a passkey" })).toBeFocused();
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Remove this passkey" }).click();
  await expect(page.getByRole("heading", { name: "The passkey is removed" })).toBeFocused();
  await page.getByRole("button", { name: "Back to your keys" }).click();
  await expect(waysOf(page)).toHaveCount(2);
  await lock(page).click();
  await expect(usePasskey(page)).toBeHidden();
  await unlockHistory(page, passphrase);
});

test("the keyboard alone adds a passkey and unlocks with it, and its first tab says when it was removed in another", async ({
  page,
  context,
}) => {
  const { passphrase } = await turnOnHistory(page);
  await addAuthenticator(page, true);
  await unlockHistory(page, passphrase);
  await page.getByRole("button", { name: "Add a passkey" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Add a passkey" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.type(passphrase);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Use my recovery code instead" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.type("Laptop");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Make your passkey" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your passkey is added" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your keys" })).toBeFocused();
  await lock(page).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your history is locked" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(usePasskey(page)).toBeFocused();

  const other = await context.newPage();
  await other.goto("/history");
  await other.getByRole("button", { name: "Use my passphrase instead" }).click();
  await expect(other.getByLabel("Passphrase", { exact: true })).toBeFocused();
  await unlockHistory(other, passphrase);
  await other.getByRole("button", { name: "Remove this passkey: Laptop" }).click();
  await other.getByRole("button", { name: "Use my passphrase instead" }).click();
  await expect(other.getByLabel("Your present passphrase")).toBeFocused();
  await other.getByLabel("Your present passphrase").fill(passphrase);
  await other.getByRole("button", { name: "Remove this passkey" }).click();
  await expect(other.getByRole("heading", { name: "The passkey is removed" })).toBeVisible();
  await other.close();

  await page.keyboard.press("Enter");
  await expect(page.getByText("This history has no such way to unlock")).toBeVisible();
  await expectNoAxeViolation(page);
});

test("an authenticator without secret outputs is told so in clear words, and nothing is stored", async ({
  page,
}) => {
  const { passphrase } = await turnOnHistory(page);
  await addAuthenticator(page, false);
  await unlockHistory(page, passphrase);
  await nameNewPasskey(page, passphrase, "Old key");
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await expect(page.getByText("This passkey cannot keep your history's key")).toBeVisible();
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(waysOf(page)).toHaveCount(2);
  await lock(page).click();
  await expect(usePasskey(page)).toBeHidden();
});

test("an authenticator that gives its outputs only in use is used once more before anything is stored", async ({
  page,
}) => {
  const { passphrase } = await turnOnHistory(page);
  await addAuthenticator(page, true);
  await page.addInitScript(() => {
    const give = PublicKeyCredential.prototype.getClientExtensionResults;
    PublicKeyCredential.prototype.getClientExtensionResults = function () {
      const results = give.call(this);
      const isNew = this.response instanceof AuthenticatorAttestationResponse;
      return isNew ? { ...results, prf: { enabled: true } } : results;
    };
  });
  await unlockHistory(page, passphrase);
  await nameNewPasskey(page, passphrase, "");
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await page.getByRole("button", { name: "Use the new passkey" }).click();
  await expect(page.getByRole("heading", { name: "Your passkey is added" })).toBeFocused();
  await page.getByRole("button", { name: "Back to your keys" }).click();
  await expect(waysOf(page).nth(2)).toContainText("Passkey");
  await lock(page).click();
  await usePasskey(page).click();
  await expect(lock(page)).toBeVisible();
});

test("a passkey that is not used, at making and at unlocking, leaves everything as it was and can be tried again", async ({
  page,
}) => {
  const { passphrase } = await turnOnHistory(page);
  const device = await addAuthenticator(page, true);
  await unlockHistory(page, passphrase);
  await nameNewPasskey(page, passphrase, "Tablet");
  await cancelDialogs(page, true);
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await expect(page.getByText("No passkey was used")).toBeVisible();
  expect(await credentialsOf(device)).toEqual([]);
  await cancelDialogs(page, false);
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await expect(page.getByRole("heading", { name: "Your passkey is added" })).toBeFocused();
  await page.getByRole("button", { name: "Back to your keys" }).click();

  await nameNewPasskeyByPasskey(page);
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await expect(page.getByText("This device has a passkey for this history already")).toBeVisible();
  await page.getByRole("button", { name: "Leave it as it is" }).click();

  await lock(page).click();
  await cancelDialogs(page, true);
  await usePasskey(page).click();
  await expect(page.getByText("No passkey was used")).toBeVisible();
  await expectNoAxeViolation(page);
  await cancelDialogs(page, false);
  await usePasskey(page).click();
  await expect(lock(page)).toBeVisible();
});

/** A browser says no more than this of a reader who closes its dialog. */
async function cancelDialogs(page: Page, cancelled: boolean): Promise<void> {
  await page.evaluate((always) => {
    const refuse = () => Promise.reject(new DOMException("", "NotAllowedError"));
    for (const ask of ["create", "get"]) {
      if (always) Reflect.set(navigator.credentials, ask, refuse);
      else Reflect.deleteProperty(navigator.credentials, ask);
    }
  }, cancelled);
}

/** The passkey itself shows that its reader is present. */
async function nameNewPasskeyByPasskey(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("Your passkey", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { name: "Make your passkey" })).toBeFocused();
}

test("at an address without passkeys the page says so before anything is asked", async ({ page }) => {
  const { passphrase } = await turnOnHistory(page);
  await page.addInitScript(() => Object.defineProperty(window, "isSecureContext", { value: false }));
  await unlockHistory(page, passphrase);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("Passkeys do not work at this address")).toBeVisible();
  await expect(page.getByLabel("Your present passphrase")).toBeHidden();
  await page.getByRole("button", { name: "Back to your keys" }).click();
  await expect(page.getByRole("heading", { name: "Your keys" })).toBeFocused();
});

test("nothing that a passkey gives reaches the server, and on a phone its screens fit", async ({ page }) => {
  const { passphrase } = await turnOnHistory(page);
  await addAuthenticator(page, true);
  await page.setViewportSize({ width: 320, height: 640 });
  const outputs: string[] = [];
  await page.exposeFunction("noteOutput", (hex: string) => outputs.push(hex));
  await page.addInitScript(() => {
    const hex = (source: BufferSource) =>
      Array.from(new Uint8Array(ArrayBuffer.isView(source) ? source.buffer : source), (byte) =>
        byte.toString(16).padStart(2, "0"),
      ).join("");
    const give = PublicKeyCredential.prototype.getClientExtensionResults;
    PublicKeyCredential.prototype.getClientExtensionResults = function () {
      const results = give.call(this);
      const { first, second } = results.prf?.results ?? {};
      const note = Reflect.get(window, "noteOutput");
      for (const output of [first, second]) if (output) note(hex(output));
      return results;
    };
  });
  await unlockHistory(page, passphrase);
  const bodies: string[] = [];
  page.on("request", (request) => bodies.push(request.url(), request.postData() ?? ""));
  await addPasskey(page, passphrase, "Phone");
  await expectNoSidewaysScroll(page);
  await lock(page).click();
  await usePasskey(page).click();
  await expect(lock(page)).toBeVisible();
  await expectNoSidewaysScroll(page);
  expect(outputs.length).toBeGreaterThanOrEqual(4);
  const sent = bodies.join("\n");
  for (const output of outputs) {
    const bytes = Buffer.from(output, "hex");
    expect(bytes).toHaveLength(32);
    for (const form of [output, bytes.toString("base64").slice(0, 40), bytes.toString("base64url")])
      expect(sent.includes(form)).toBe(false);
  }
});
