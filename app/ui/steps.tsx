/** Where one is in a short walk of pages, such as the set-up of the reading history. */

interface StepsProps {
  /** Names the list for assistive technology. */
  label: string;
  steps: readonly string[];
  /** The index of the step on the screen. */
  current: number;
  /** What assistive technology adds to a finished step. */
  doneLabel: string;
}

export function Steps({ label, steps, current, doneLabel }: StepsProps) {
  return (
    <ol aria-label={label} className="flex flex-wrap gap-x-6 gap-y-2">
      {steps.map((step, index) => (
        <li
          key={step}
          {...(index === current ? { "aria-current": "step" } : {})}
          className={`flex items-baseline gap-2 border-b-2 pb-1 ${
            index === current ? "border-rule font-semibold text-ink" : "border-transparent text-muted"
          }`}
        >
          <span className="font-title tabular-nums" aria-hidden="true">
            {index < current ? "✓" : index + 1}
          </span>
          {/* On a phone the steps are one row: the names of the others are read out, not shown. */}
          <span className={index === current ? "" : "max-sm:sr-only"}>{step}</span>
          {index < current ? <span className="sr-only">({doneLabel})</span> : null}
        </li>
      ))}
    </ol>
  );
}
