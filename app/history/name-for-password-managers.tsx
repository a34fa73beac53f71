/**
 * The name under which a password manager files the passphrase: the same for every reader, so that it tells no card
 * number, and another than the card's, so that the PIN is not offered here.
 */
export function NameForPasswordManagers() {
  return <input type="text" autoComplete="username" value="reading-history" readOnly hidden />;
}
