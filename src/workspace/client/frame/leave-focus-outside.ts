/**
 * In a frame, moves the focus only while it is somewhere in this page. An open form keeps its focus
 * inside; beside a page that opens a menu of its own the two would take it from each other for ever.
 */
export function leaveFocusOutside(): void {
  if (window === window.parent) return;
  const focus = Reflect.get(HTMLElement.prototype, 'focus');
  HTMLElement.prototype.focus = function focusFromHere(how) {
    if (document.hasFocus()) focus.call(this, how);
  };
}
