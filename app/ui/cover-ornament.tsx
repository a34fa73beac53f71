/** The stamped ornament of a drawn cover, and the small sign of its format. */
import type { Binding } from "./cover-binding";

interface CoverOrnamentProps {
  binding: Binding;
  initial: string;
  format: string;
}

const LABEL = "#f7f1e1";

export function CoverOrnament({ binding, initial, format }: CoverOrnamentProps) {
  return (
    <>
      <Stamp binding={binding} initial={initial} />
      <FormatSign format={format} ink={binding.foil} />
    </>
  );
}

function Stamp({ binding, initial }: { binding: Binding; initial: string }) {
  const { foil, ornament } = binding;
  switch (ornament) {
    case "label":
      return (
        <>
          <rect x="15" y="26" width="94" height="78" fill={LABEL} />
          <rect x="18" y="29" width="88" height="72" fill="none" stroke="#8a7a5c" strokeWidth="0.8" />
        </>
      );
    case "frame":
      return (
        <g fill="none" stroke={foil}>
          <rect x="11" y="8" width="102" height="160" strokeWidth="1.6" />
          <rect x="14.5" y="11.5" width="95" height="153" strokeWidth="0.6" />
        </g>
      );
    case "bands":
      return (
        <g fill={foil}>
          <rect x="5" y="22" width="115" height="5" />
          <rect x="5" y="30" width="115" height="1" />
          <rect x="5" y="136" width="115" height="1" />
          <rect x="5" y="140" width="115" height="5" />
        </g>
      );
    case "initial":
      return (
        <>
          <text
            x="62"
            y="72"
            textAnchor="middle"
            fontSize="66"
            fontWeight="400"
            fill={foil}
            opacity="0.42"
            className="font-title"
          >
            {initial}
          </text>
          <rect x="42" y="80" width="40" height="0.9" fill={foil} />
        </>
      );
    case "panel":
      return (
        <>
          <rect x="5" y="50" width="115" height="78" fill={LABEL} />
          <rect x="5" y="53" width="115" height="0.8" fill="#8a7a5c" />
          <rect x="5" y="124.2" width="115" height="0.8" fill="#8a7a5c" />
        </>
      );
  }
}

/** Film: perforations. Music: grooves. Audiobook: a wave. Books carry no sign. */
function FormatSign({ format, ink }: { format: string; ink: string }) {
  if (/film|video|dvd|movie/i.test(format)) {
    return (
      <g fill={ink} opacity="0.85">
        {[12, 32, 52, 72, 92].map((x) => (
          <rect key={x} x={x + 3} y="4" width="8" height="6" rx="1" />
        ))}
      </g>
    );
  }
  if (/audio/i.test(format)) {
    return (
      <path
        d="M43 10v4M49 7.5v9M55 9v6M61 6.5v11M67 9.5v5M73 8v8M79 10.5v3"
        stroke={ink}
        strokeWidth="2.4"
        strokeLinecap="round"
        opacity="0.85"
      />
    );
  }
  if (/music|cd|sound/i.test(format)) {
    return (
      <g fill="none" stroke={ink} strokeWidth="1" opacity="0.85">
        <circle cx="62" cy="13" r="8" />
        <circle cx="62" cy="13" r="5" />
        <circle cx="62" cy="13" r="1.4" />
      </g>
    );
  }
  return null;
}
