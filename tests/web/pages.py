"""A person at a page without scripts: opens it, fills its forms in, presses their buttons."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.test import Client

_INLINE = {"", "a", "b", "code", "del", "em", "i", "ins", "label", "s", "span", "strong"}
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta"}


class Node:
    """An element of a page."""

    def __init__(self, tag: str, given: dict[str, str], above: Node | None) -> None:
        self.tag, self.given, self.above = tag, given, above
        self.inside: list[Node | str] = []

    def all(self, tag: str = "", **given: str) -> list[Node]:
        """Elements below, in order; ``has`` is a word among the classes."""
        has = given.pop("has", "")
        return [
            node
            for node in self._below()
            if (not tag or node.tag == tag)
            and all(node.given.get(name) == value for name, value in given.items())
            and (not has or has in node.given.get("class", "").split())
        ]

    def one(self, tag: str = "", **given: str) -> Node:
        """The first such element; there must be one."""
        found = self.all(tag, **given)
        assert found, (tag, given)
        return found[0]

    def _below(self) -> Iterator[Node]:
        for node in self.inside:
            if isinstance(node, Node):
                yield node
                yield from node._below()

    @property
    def raw(self) -> str:
        """The text as it is written."""
        return "".join(node if isinstance(node, str) else node.raw for node in self.inside)

    @property
    def text(self) -> str:
        """The text as it is read: blocks apart, blanks put together."""
        return " ".join(self._spaced.split())

    @property
    def _spaced(self) -> str:
        inside = "".join(node if isinstance(node, str) else node._spaced for node in self.inside)
        return inside if self.tag in _INLINE else f" {inside} "

    @property
    def value(self) -> str:
        """What stands in a field."""
        if self.tag == "textarea":
            return self.raw.removeprefix("\n")
        if self.tag == "select":
            options = self.all("option")
            chosen = [one for one in options if "selected" in one.given] or options[:1]
            return chosen[0].given.get("value", "") if chosen else ""
        return self.given.get("value", "")

    def fields(self) -> dict[str, Any]:
        """What a form would send, without its buttons."""
        found: dict[str, Any] = {}
        for field in self._below():
            name = field.given.get("name")
            if not name or field.tag not in {"input", "textarea", "select"}:
                continue
            kind = field.given.get("type", "")
            if kind == "file" or (kind in {"checkbox", "radio"} and "checked" not in field.given):
                continue
            found[name] = field.value
        return found


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.inside.append(node)
        if tag not in _VOID:
            self.here = node

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        assert self.here.tag == tag, f"<{self.here.tag}> ends with </{tag}>: {self.here.text[:80]}"
        assert self.here.above is not None
        self.here = self.here.above

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)


def parsed(text: str) -> Node:
    """A page as a tree. An element that is not closed is an error."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    assert builder.here is builder.root
    return builder.root


class Person:
    """One account's browser."""

    def __init__(self, user: Any) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.address = ""
        self.page = Node("", {}, None)

    def open(self, address: str, status: int = 200) -> Person:
        """Opens a page."""
        return self._took(self.client.get(address, follow=True), address, status)

    def _took(self, response: Any, address: str, status: int) -> Person:
        chain = getattr(response, "redirect_chain", [])
        self.address = chain[-1][0].partition("#")[0].partition("?")[0] if chain else address
        self.page = parsed(response.content.decode())
        assert response.status_code == status, (address, response.status_code, self.text[:900])
        return self

    @property
    def text(self) -> str:
        """What stands on the page."""
        return self.page.one("main").text

    def form(self) -> dict[str, Any]:
        """The fields of the page's first form."""
        return self.page.one("main").one("form").fields()

    def fields(self, act: str) -> dict[str, Any]:
        """The fields of the form that has the button ``act``, with what stands in them."""
        assert act in self.acts(), (act, self.acts())
        node: Node | None = self.page.one(name="act", value=act)
        if "form" in node.given:
            node = self.page.one("form", id=node.given["form"])
        while node is not None and node.tag != "form":
            node = node.above
        assert node is not None
        return {**node.fields(), **self._beside(node), "act": act}

    def _beside(self, form: Node) -> dict[str, Any]:
        """The fields that stand elsewhere on the page and belong to a form by its id."""
        found: dict[str, Any] = {}
        for field in self.page.all(form=form.given.get("id", "-")):
            name = field.given.get("name", "")
            if field.given.get("type") == "checkbox":
                if "checked" in field.given:
                    found.setdefault(name, []).append(field.value)
            elif name and field.tag != "button":
                found[name] = field.value
        return found

    def press(self, act: str, status: int = 200, **changes: Any) -> Person:
        """Presses a button after filling in; dots in names are written as two underscores."""
        filled = {name.replace("__", "."): value for name, value in changes.items()}
        return self.send(self.fields(act) | filled, status)

    def send(self, fields: dict[str, Any], status: int = 200, address: str = "") -> Person:
        """Sends fields to the page's own address."""
        where = address or self.address
        return self._took(self.client.post(where, fields, follow=True), where, status)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.page.one("main").one(name=name).value

    def acts(self) -> set[str]:
        """The buttons offered."""
        return {one.value for one in self.page.all(name="act")}
