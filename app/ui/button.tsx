/** Plain buttons and links that look like buttons: server-rendered, they work without JavaScript. */
import Link from "next/link";
import type { ComponentProps } from "react";

export type ButtonKind = "primary" | "quiet" | "danger" | "link";

const shape =
  "inline-flex min-h-12 items-center justify-center gap-2 rounded-card px-5 py-2 text-center font-semibold no-underline cursor-pointer disabled:cursor-not-allowed data-disabled:cursor-not-allowed disabled:opacity-60 data-disabled:opacity-60 forced-colors:border";

const looks: Record<ButtonKind, string> = {
  primary: `${shape} border border-accent bg-accent text-on-accent hover:border-accent-deep hover:bg-accent-deep`,
  quiet: `${shape} border border-edge bg-card text-ink hover:border-ink hover:bg-sunk`,
  danger: `${shape} border-2 border-danger bg-card text-danger hover:border-danger-deep hover:bg-danger-wash hover:text-danger-deep`,
  link: "prose-link inline-flex min-h-11 cursor-pointer items-center px-1 text-start font-normal",
};

/** The class names of a kind of button, for an element that these components do not cover. */
export function buttonLook(kind: ButtonKind = "primary"): string {
  return looks[kind];
}

type ButtonProps = Omit<ComponentProps<"button">, "style"> & { kind?: ButtonKind };

export function Button({ kind = "primary", type = "submit", className = "", ...rest }: ButtonProps) {
  return <button type={type} className={`${looks[kind]} ${className}`} {...rest} />;
}

type ButtonLinkProps = Omit<ComponentProps<typeof Link>, "prefetch" | "style"> & { kind?: ButtonKind };

export function ButtonLink({ kind = "primary", className = "", ...rest }: ButtonLinkProps) {
  return <Link prefetch={false} className={`${looks[kind]} ${className}`} {...rest} />;
}
