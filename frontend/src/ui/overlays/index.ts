/**
 * Purpose. Parts that float above the page: menus and tooltips.
 * Promises. Kept apart from the rest of `ui`, so that the first page loads without their weight.
 * Does not. Lock scrolling or inject style elements: the content security policy forbids it.
 * May import. react, radix-ui, lucide-react.
 */
export { ActionMenu, type Action } from './ActionMenu.tsx'
export { ChoiceMenu, type Choice, type ChoiceGroup } from './Menu.tsx'
export { Tooltip, TooltipScope } from './Tooltip.tsx'
