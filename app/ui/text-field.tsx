/** A labelled text box with its description and its fault, as plain HTML that works without JavaScript. */
import type { ComponentProps, ReactNode } from "react";

type TextFieldProps = Omit<ComponentProps<"input">, "id" | "style" | "className"> & {
  id: string;
  label: ReactNode;
  description?: ReactNode;
  /** The fault to show. The box is then marked invalid and described by it. */
  error?: ReactNode;
  /** Wide letters and digits that line up, for codes and card numbers. */
  code?: boolean;
};

export const fieldLook =
  "block min-h-12 w-full rounded-card border border-edge bg-card px-3 py-2 text-ink placeholder:text-muted aria-invalid:border-2 aria-invalid:border-danger";

export function TextField({ id, label, description, error, code = false, ...input }: TextFieldProps) {
  const describedBy = [error ? `${id}-error` : "", description ? `${id}-description` : ""].filter(Boolean);
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="justify-self-start font-semibold">
        {label}
      </label>
      {description ? (
        <p id={`${id}-description`} className="text-muted">
          {description}
        </p>
      ) : null}
      <input
        id={id}
        type="text"
        {...input}
        {...(describedBy.length > 0 ? { "aria-describedby": describedBy.join(" ") } : {})}
        {...(error ? { "aria-invalid": true } : {})}
        className={`${fieldLook} ${code ? "font-mono tracking-wider" : ""}`}
      />
      {error ? (
        <p id={`${id}-error`} role="alert" className="font-semibold text-danger">
          {error}
        </p>
      ) : null}
    </div>
  );
}
