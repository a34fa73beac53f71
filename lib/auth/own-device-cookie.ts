/** The name of the cookie of a device that keeps sealed copies of histories. Its value is always 1. */
export const ownDeviceCookie = "own-device";

export function isOwnDevice(request: Request): boolean {
  const cookies = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return cookies.includes(`${ownDeviceCookie}=1`);
}
