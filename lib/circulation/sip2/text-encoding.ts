/** Text as SIP2 servers write it: UTF-8, Latin-1 or code page 850, sometimes changing from one message to the next. */

export const sip2Encodings = ["utf-8", "latin-1", "cp850"] as const;
export type Sip2Encoding = (typeof sip2Encodings)[number];

/** Code page 850 from 0x80 to 0xFF. */
const cp850 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Null when the encoding has no such characters: then nothing that equals the text can be on the other side. */
export function encodeText(text: string, encoding: Sip2Encoding): Uint8Array | null {
  if (encoding === "utf-8") return text.isWellFormed() ? new TextEncoder().encode(text) : null;
  const bytes: number[] = [];
  for (const character of text) {
    const byte = oneByte(character, encoding);
    if (byte === null) return null;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

function oneByte(character: string, encoding: "latin-1" | "cp850"): number | null {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return code;
  if (encoding === "latin-1") return code <= 0xff ? code : null;
  const place = cp850.indexOf(character);
  return place < 0 ? null : 0x80 + place;
}

/**
 * UTF-8 wherever the bytes are UTF-8, whatever was configured: text in a one-byte encoding hardly ever is by chance.
 * Otherwise the configured encoding, or Latin-1.
 */
export function decodeText(bytes: Uint8Array, encoding: Sip2Encoding): string {
  try {
    return utf8.decode(bytes);
  } catch {
    let text = "";
    for (const byte of bytes)
      text += byte < 0x80 || encoding !== "cp850" ? String.fromCharCode(byte) : cp850.charAt(byte - 0x80);
    return text;
  }
}
