/** Published vectors, checked through the same primitives that the vault imports. */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { argon2id as nobleArgon2id } from "@noble/hashes/argon2.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { normalizePassphrase, stretch, stretchVersion1 } from "./open/passphrase";
import { evaluateBlinded, newOprfKey, oprfKeyFrom } from "./oprf-server";
import { secureRandom } from "./random-bytes";
import { sign, signingKeyFrom, signingPublicKey, verify } from "./signature";

const repeated = (byte: number, length: number) => new Uint8Array(length).fill(byte);

describe("RFC 9106, Argon2id", () => {
  it("noble gives the tag of section 5.3", () => {
    const tag = nobleArgon2id(repeated(1, 32), repeated(2, 16), {
      t: 3,
      m: 32,
      p: 4,
      key: repeated(3, 8),
      personalization: repeated(4, 12),
      dkLen: 32,
    });
    expect(bytesToHex(tag)).toBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  });

  it("the vault's stretching agrees with noble on the vault's own parameters", async () => {
    const salt = repeated(9, 16);
    const text = "  five   words\tof  a Ｐassphrase ";
    const { memorySize, iterations, parallelism, hashLength } = stretchVersion1;
    const password = new TextEncoder().encode(normalizePassphrase(text));
    const expected = nobleArgon2id(password, salt, {
      t: iterations,
      m: memorySize,
      p: parallelism,
      dkLen: hashLength,
    });
    expect(stretchVersion1).toEqual({ memorySize: 65_536, iterations: 3, parallelism: 1, hashLength: 32 });
    expect(await stretch(text, salt)).toEqual(expected);
  });
});

describe("RFC 9497, OPRF(ristretto255, SHA-512), A.1.1", () => {
  const secretKey = hexToBytes("5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e");
  const blind = hexToBytes("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706");
  const vectors = [
    {
      input: "00",
      blinded: "609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c",
      evaluated: "7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e",
      output:
        "527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3ab9135e3bd69955851de4b1f9fe8a0973396719b7912ba9ee8aa7d0b5e24bcf6",
    },
    {
      input: "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
      blinded: "da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418",
      evaluated: "b4cbf5a4f1eeda5a63ce7b77c7d23f461db3fcab0dd28e4e17cecb5c90d02c25",
      output:
        "f4a74c9c592497375e796aa837e907b1a045d34306a749db9f34221f7e750cb4f2a6413a6bf6fa5e19ba6348eb673934a722a7ede2e7621306d18951e7cf2c73",
    },
  ];

  it("derives the key of the vectors", () => {
    const derived = ristretto255_oprf.oprf.deriveKeyPair(
      repeated(0xa3, 32),
      new TextEncoder().encode("test key"),
    );
    expect(derived.secretKey).toEqual(secretKey);
  });

  it.each(vectors)("evaluates and finalizes the input $input", ({ input, blinded, evaluated, output }) => {
    const answer = evaluateBlinded(oprfKeyFrom(secretKey), hexToBytes(blinded));
    expect(answer).toEqual({ ok: true, evaluated: hexToBytes(evaluated) });
    const finished = ristretto255_oprf.oprf.finalize(hexToBytes(input), blind, hexToBytes(evaluated));
    expect(bytesToHex(finished)).toBe(output);
  });

  it("the server refuses what is not a group element, and the identity", () => {
    const key = newOprfKey(secureRandom);
    const bad = [
      new Uint8Array(32),
      new Uint8Array(0),
      new Uint8Array(31),
      new Uint8Array(33),
      repeated(255, 32),
      repeated(1, 32),
    ];
    for (const element of bad) {
      expect(evaluateBlinded(key, element)).toEqual({ ok: false, why: "bad-element" });
    }
  });
});

describe("RFC 8032, Ed25519, section 7.1", () => {
  const vectors = [
    {
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature:
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    },
    {
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature:
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    },
    {
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature:
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    },
  ];

  it.each(vectors)("signs and verifies the message «$message»", (vector) => {
    const key = signingKeyFrom(hexToBytes(vector.seed));
    const message = hexToBytes(vector.message);
    expect(bytesToHex(signingPublicKey(key))).toBe(vector.publicKey);
    expect(bytesToHex(sign(key, message))).toBe(vector.signature);
    expect(verify(signingPublicKey(key), message, hexToBytes(vector.signature))).toBe(true);
  });
});

describe("RFC 5869, HKDF-SHA-256", () => {
  it("gives the output of A.1", () => {
    const okm = hkdf(
      sha256,
      repeated(0x0b, 22),
      hexToBytes("000102030405060708090a0b0c"),
      hexToBytes("f0f1f2f3f4f5f6f7f8f9"),
      42,
    );
    expect(bytesToHex(okm)).toBe(
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    );
  });

  it("gives the output of A.3, without salt and info", () => {
    const okm = hkdf(sha256, repeated(0x0b, 22), new Uint8Array(0), new Uint8Array(0), 42);
    expect(bytesToHex(okm)).toBe(
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    );
  });
});

describe("draft-irtf-cfrg-xchacha, A.3.1", () => {
  it("seals the sunscreen sentence to the draft's bytes", () => {
    const plaintext = new TextEncoder().encode(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const key = Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index);
    const nonce = Uint8Array.from({ length: 24 }, (_, index) => 0x40 + index);
    const aad = hexToBytes("50515253c0c1c2c3c4c5c6c7");
    expect(bytesToHex(xchacha20poly1305(key, nonce, aad).encrypt(plaintext))).toBe(
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb" +
        "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452" +
        "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9" +
        "21f9664c97637da9768812f615c68b13b52e" +
        "c0875924c1c7987947deafd8780acf49",
    );
  });
});
