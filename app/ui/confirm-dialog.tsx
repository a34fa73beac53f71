"use client";
/** A question that must be answered before going on. Escape and the quiet button answer no. */
import type { ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { ActionButton } from "./action-button";

interface ConfirmDialogProps {
  open: boolean;
  heading: ReactNode;
  confirmLabel: ReactNode;
  cancelLabel: ReactNode;
  kind?: "primary" | "danger";
  pending?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  children: ReactNode;
}

export function ConfirmDialog({
  open,
  heading,
  confirmLabel,
  cancelLabel,
  kind = "primary",
  pending = false,
  onConfirm,
  onCancel,
  children,
}: ConfirmDialogProps) {
  return (
    <ModalOverlay
      isOpen={open}
      isKeyboardDismissDisabled={pending}
      onOpenChange={(next) => {
        if (!next) onCancel();
      }}
      className="fixed inset-0 z-10 grid place-items-center overflow-y-auto bg-scrim p-4"
    >
      <Modal className="catalogue-card w-full max-w-lg p-6 sm:p-8">
        <Dialog role="alertdialog" aria-describedby="confirm-text" className="grid gap-4 outline-none">
          <Heading slot="title" className="text-2xl">
            {heading}
          </Heading>
          <div id="confirm-text" className="prose grid gap-3">
            {children}
          </div>
          <div className="grid gap-3 pt-2 sm:flex sm:flex-wrap sm:justify-end">
            <ActionButton kind="quiet" disabled={pending} onPress={onCancel}>
              {cancelLabel}
            </ActionButton>
            <ActionButton kind={kind} pending={pending} onPress={onConfirm}>
              {confirmLabel}
            </ActionButton>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
