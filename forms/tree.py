"""Walks the components of a form and makes sections, groups, repeated parts and fields of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from forms.attributes import Attributes
from forms.components import KINDS, Place, read_field
from forms.definition import Break, Group, Note, Part, Repeated, Section, fields_of
from forms.limits import MAX_COMPONENTS, MAX_ITEMS, MAX_LABEL, MAX_NESTING, MAX_PROSE
from forms.problem import Complaints

REFUSED = {
    "html": "HTML could carry script or mislead; write a text component.",
    "iframe": "Foreign pages must not open inside a form; write a text component.",
    "button": "The page has its own buttons; remove it.",
    "image": "Pictures are not shown in forms; say it in a text component.",
    "documentPreview": "Documents are shown on the case page; remove it.",
    "filepicker": "Files are attached on the case page; remove it.",
    "expression": "Nothing is computed in a form; remove it, or write the rule as a condition.",
    "table": "Tables are not supported; ask with a repeated part (dynamiclist).",
}


class Tree:
    """Reads one form's components; what is wrong goes to the complaints."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.count = 0

    def sections(self, components: Any, title: str, layer: str | None) -> tuple[Section, ...]:
        """Top-level groups are the sections; what stands loose joins the group that follows."""
        if not isinstance(components, list) or not components:
            self.complaints.add(None, "The form has no components.", "Add questions to it.")
            return ()
        if not any(_type(component) == "group" for component in components):
            place = Place("form", layer=layer, section="main")
            return (Section("main", title, self.parts(components, place)),)
        return self._grouped(components, layer)

    def _grouped(self, components: Sequence[Any], layer: str | None) -> tuple[Section, ...]:
        found: list[Section] = []
        loose: list[Any] = []
        for component in components:
            if _type(component) != "group":
                loose.append(component)
                continue
            found.append(self._section(component, loose, layer, len(found) + 1))
            loose = []
        if loose and found:
            last = found[-1]
            hides = (last.hide,) if last.hide else ()
            place = Place("form", layer=layer, section=last.key, hides=hides)
            found[-1] = replace(last, parts=(*last.parts, *self.parts(loose, place)))
        return tuple(found)

    def _section(
        self, component: Mapping[str, Any], loose: list[Any], layer: str | None, number: int
    ) -> Section:
        self.count += 1
        given = Attributes(component, f"section {number}", self.complaints)
        label = given.label()
        key = _section_key(component, number)
        hide = given.condition()
        self._no_path(given)
        place = Place(
            given.name,
            layer=given.properties().get("layer") or layer,
            section=key,
            hides=(hide,) if hide else (),
            group_label=label,
        )
        inside = component.get("components")
        parts = self.parts([*loose, *inside] if isinstance(inside, list) else inside, place)
        return Section(key, label, parts, hide, given.words("description", most=3 * MAX_LABEL))

    def parts(self, components: Any, place: Place) -> tuple[Part, ...]:
        """What stands in this place, in order."""
        if not isinstance(components, list):
            self.complaints.add(place.where, "The components are not a list.", "Export it again.")
            return ()
        if place.depth > MAX_NESTING:
            self.complaints.add(
                place.where,
                f"Parts are nested more than {MAX_NESTING} deep.",
                "Draw the groups side by side.",
            )
            return ()
        found = (self._part(entry, place, at) for at, entry in enumerate(components, 1))
        return tuple(part for part in found if part is not None)

    def _part(self, component: Any, place: Place, at: int) -> Part | None:
        self.count += 1
        if self.count > MAX_COMPONENTS:
            if self.count == MAX_COMPONENTS + 1:
                self.complaints.add(
                    None, f"The form has more than {MAX_COMPONENTS} components.", "Split it."
                )
            return None
        where = f"component {at} of {place.where}"
        if not isinstance(component, Mapping):
            self.complaints.add(where, "It is not a component.", "Export the form again.")
            return None
        return self._known(component, place, Attributes(component, where, self.complaints))

    def _known(self, component: Mapping[str, Any], place: Place, given: Attributes) -> Part | None:
        kind = _type(component)
        if kind in KINDS:
            return read_field(component, place, given)
        if kind == "group":
            return self._group(component, place, given)
        if kind == "dynamiclist":
            return self._repeated(component, place, given)
        if kind == "text":
            return Note(given.words("text", most=MAX_PROSE), given.condition())
        if kind in ("separator", "spacer"):
            return Break(kind == "separator", given.condition())
        if kind in REFUSED:
            given.complain(f"The component type {kind} is refused.", REFUSED[kind])
        else:
            given.complain(
                f"The component type {kind[:40]!r} is unknown.",
                "Use " + ", ".join([*KINDS, "group", "dynamiclist", "text", "separator"]) + ".",
            )
        return None

    def _group(self, component: Mapping[str, Any], place: Place, given: Attributes) -> Group:
        label, hide = given.label(), given.condition()
        self._no_path(given)
        inner = replace(
            place,
            where=given.name,
            layer=given.properties().get("layer") or place.layer,
            hides=(*place.hides, hide) if hide else place.hides,
            group_label=label,
            depth=place.depth + 1,
        )
        parts = self.parts(component.get("components"), inner)
        hint = given.words("description", most=3 * MAX_LABEL)
        return Group(given.name, label, hint, parts, hide)

    def _repeated(
        self, component: Mapping[str, Any], place: Place, given: Attributes
    ) -> Repeated | None:
        if place.list_key:
            given.complain(
                "A repeated part stands inside another.", "Ask for both side by side instead."
            )
            return None
        key, label, hide = given.key("path", "key"), given.label(), given.condition()
        properties = given.properties()
        inner = Place(
            where=given.name,
            layer=properties.get("layer") or place.layer,
            section=place.section,
            list_key=key or "list",
            depth=place.depth + 1,
        )
        parts = self.parts(component.get("components"), inner)
        if not any(True for _ in fields_of(parts)):
            given.complain("The repeated part asks nothing.", "Add questions to it or remove it.")
        most = given.whole(properties.get("max"), "max", 1, MAX_ITEMS, MAX_ITEMS)
        times = given.whole(component.get("defaultRepetitions"), "defaultRepetitions", 0, most, 1)
        asks = any(field.bounds.required for field in fields_of(parts))
        least = given.whole(properties.get("min"), "min", 0, most, min(times, 1) if asks else 0)
        return Repeated(
            key=key,
            label=label,
            item_label=properties.get("item") or label,
            hint=given.words("description", most=3 * MAX_LABEL),
            parts=parts,
            section=place.section,
            least=least,
            most=most,
            initial=max(times, least),
            hides=(*place.hides, hide) if hide else place.hides,
            group_label=place.group_label,
        )

    def _no_path(self, given: Attributes) -> None:
        if given.component.get("path"):
            given.complain(
                "A group with a path would nest the answers.", "Remove the path of the group."
            )


def _type(component: Any) -> str:
    kind = component.get("type") if isinstance(component, Mapping) else None
    return kind if isinstance(kind, str) else ""


def _section_key(component: Mapping[str, Any], number: int) -> str:
    for name in ("key", "id"):
        key = component.get(name)
        if isinstance(key, str) and 0 < len(key) <= 60 and key.replace("_", "a").isalnum():
            return key
    return f"section_{number}"
