"use client";
/** Export of the open history to a file on the reader's own device. */
import { Button } from "react-aria-components/Button";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useTranslations } from "use-intl";
import { buttonLook } from "@/app/ui/button";
import { saveFile } from "./save-file";
import type { Vault } from "./use-vault";

const files = {
  csv: { name: "reading-history.csv", type: "text/csv;charset=utf-8" },
  json: { name: "reading-history.json", type: "application/json" },
} as const;

export function ExportMenu({ onExport, label }: { onExport: Vault["exportAs"]; label?: string }) {
  const t = useTranslations("history");
  async function save(kind: keyof typeof files) {
    const text = await onExport(kind);
    if (text !== null) saveFile(files[kind].name, files[kind].type, text);
  }
  const item =
    "flex min-h-12 cursor-pointer items-center rounded-card px-4 outline-0 -outline-offset-2 outline-transparent data-focused:outline-2 data-focused:bg-accent data-focused:text-on-accent";
  return (
    <MenuTrigger>
      <Button className={buttonLook("quiet")}>{label ?? t("export")}</Button>
      <Popover className="catalogue-card min-w-[min(16rem,80vw)] max-w-[90vw] p-2 shadow-lg">
        <Menu className="outline-none" onAction={(key) => void save(key === "csv" ? "csv" : "json")}>
          <MenuItem id="csv" className={item}>
            {t("exportCsv")}
          </MenuItem>
          <MenuItem id="json" className={item}>
            {t("exportJson")}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
