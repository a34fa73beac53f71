/** A checkbox or radio button with a label that is part of the target, in plain HTML; and the group around several. */
import type { ComponentProps, ReactNode } from "react";

type ChoiceProps = Omit<ComponentProps<"input">, "id" | "style" | "className" | "type"> & {
  id: string;
  type?: "checkbox" | "radio";
  label: ReactNode;
  description?: ReactNode;
};

export function Choice({ id, type = "checkbox", label, description, ...input }: ChoiceProps) {
  return (
    <div className="flex items-start gap-3">
      <input
        id={id}
        type={type}
        {...input}
        {...(description ? { "aria-describedby": `${id}-description` } : {})}
        className="mt-2.5 size-6 shrink-0 accent-accent"
      />
      <div className="grid">
        <label htmlFor={id} className="flex min-h-11 cursor-pointer items-center">
          {label}
        </label>
        {description ? (
          <p id={`${id}-description`} className="text-muted">
            {description}
          </p>
        ) : null}
      </div>
    </div>
  );
}

/** Related fields under one legend. */
export function FieldGroup({ legend, children }: { legend: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="grid gap-4">
      <legend className="mb-2 font-title text-xl">{legend}</legend>
      {children}
    </fieldset>
  );
}
