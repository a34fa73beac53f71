/**
 * A cover drawn here from title, author and format: no picture is fetched, so nobody learns what is on the screen.
 * It is decoration; the title stands beside it as text.
 */
import { type Binding, chooseBinding } from "./cover-binding";
import { setTitle, type TitleSetting } from "./cover-lines";
import { CoverOrnament } from "./cover-ornament";

export interface CoverProps {
  title: string;
  author?: string | null;
  /** The record's format, such as "book", "film", "music", "audiobook" or "large-print". */
  format?: string | null;
  className?: string;
}

const WIDTH = 120;
const HEIGHT = 176;

/** The box for the title on each ornament: its top, height, and inner width. */
const boxes: Record<Binding["ornament"], { top: number; height: number; width: number }> = {
  label: { top: 32, height: 66, width: 82 },
  frame: { top: 28, height: 88, width: 88 },
  bands: { top: 46, height: 72, width: 98 },
  initial: { top: 84, height: 60, width: 98 },
  panel: { top: 58, height: 62, width: 100 },
};

export function Cover({ title, author, format, className = "" }: CoverProps) {
  const initial = [...title.trim()][0] ?? "";
  const binding = chooseBinding(title, author ?? "", /\p{L}/u.test(initial));
  const box = boxes[binding.ornament];
  const large = format === "large-print";
  const heading = setTitle(
    title,
    large ? [24, 20, 17, 14] : [19, 16.5, 14.5, 12.5, 11],
    box.width,
    box.height,
  );
  const onPaper = binding.ornament === "label" || binding.ornament === "panel";
  const byline = setTitle(surname(author ?? ""), [10.5, 9.5], 98, 13);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      className={`cover block h-auto rounded-sm shadow-[0_1px_3px_rgb(0_0_0/0.35)] ${className}`}
    >
      <rect width={WIDTH} height={HEIGHT} fill={binding.cloth} />
      <CoverOrnament binding={binding} initial={initial} format={format ?? "book"} />
      <Lines setting={heading} top={box.top} height={box.height} fill={onPaper ? "#231c12" : binding.foil} />
      <Lines setting={byline} top={149} height={14} fill={binding.foil} />
      <rect width="5" height={HEIGHT} fill="#000" opacity="0.16" />
      <rect x="5" width="0.8" height={HEIGHT} fill="#fff" opacity="0.16" />
    </svg>
  );
}

/** "Le Guin, Ursula K., 1929-2018" → "Le Guin": what a spine would say. */
function surname(author: string): string {
  return (author.split(/[,،、]/)[0] ?? "").trim();
}

function Lines({
  setting,
  top,
  height,
  fill,
}: {
  setting: TitleSetting;
  top: number;
  height: number;
  fill: string;
}) {
  const leading = setting.sizePx * 1.22;
  const first = top + (height - setting.lines.length * leading) / 2 + setting.sizePx * 0.92;
  return (
    <text textAnchor="middle" fill={fill} fontSize={setting.sizePx} fontWeight="500" className="font-title">
      {setting.lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one title never change their order
        <tspan key={index} x={WIDTH / 2 + 2} y={round(first + index * leading)}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
