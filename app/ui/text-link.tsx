/**
 * The link of running text. It never fetches its target before it is followed:
 * a prefetch would tell the server which titles are on the screen. [Note: no prefetch]
 */
import Link from "next/link";
import type { ComponentProps } from "react";

type TextLinkProps = Omit<ComponentProps<typeof Link>, "prefetch" | "style">;

export function TextLink({ className = "", ...rest }: TextLinkProps) {
  return <Link prefetch={false} className={`prose-link ${className}`} {...rest} />;
}
