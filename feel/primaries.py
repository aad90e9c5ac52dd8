"""Reads the smallest parts of an expression: literals, names, calls, brackets and loops."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from feel import nodes as n
from feel.cursor import Cursor
from feel.errors import FeelError
from feel.lexer import Token
from feel.temporal import moment

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


class Primaries(Cursor, ABC):
    """The part of the parser that reads what operators join."""

    @abstractmethod
    def expression(self) -> n.Node:
        """Any expression, up to a sign or word that cannot continue it."""

    @abstractmethod
    def sum(self) -> n.Node:
        """Anything that binds at least as strongly as a plus sign."""

    def _primary(self) -> n.Node:
        token = self._token
        if token.kind in ("number", "string"):
            self.at += 1
            return n.Literal(token.position, token.value)
        if token.kind == "moment":
            self.at += 1
            return n.Literal(token.position, self._moment(token))
        if token.kind == "keyword":
            return self._keyword(token)
        if token.kind == "name":
            token = self._name(token)
            return self._call(token) if self._is("(") else n.Name(token.position, token.text)
        opened = _BRACKETS.get(token.text) if token.kind == "sign" else None
        if opened is None:
            self._fail(f"A value is missing before {token.text}.")
        self.at += 1
        return opened(self, token)

    def _name(self, token: Token) -> Token:
        """A name: of several words, if a loop, function or context before it brought such a one."""
        self.at += 1
        longest, at = token.text, self.at
        words = longest
        while at < len(self.found) and self.found[at].kind == "name" and self.of_several_words:
            words += f" {self.found[at].text}"
            at += 1
            if words in self.of_several_words:
                longest, self.at = words, at
        return token._replace(text=longest)

    def _new_name(self, words: str) -> str:
        """A name that the expression itself brings, of one word or of several."""
        names = [self._word(words)]
        while self._token.kind == "name":
            names.append(self._advance().text)
        if len(names) > 1:
            self.of_several_words.add(" ".join(names))
        return " ".join(names)

    def _keyword(self, token: Token) -> n.Node:
        if token.text in _CONSTANTS:
            self.at += 1
            return n.Literal(token.position, _CONSTANTS[token.text])
        special = _SPECIAL.get(token.text)
        if special is None:
            self._fail(f"A value is missing before {token.text}.")
        return special(self)

    def _moment(self, token: Token) -> object:
        value = moment(token.value)
        if value is None:
            raise FeelError(
                token.position,
                f'{token.text} is no date, time or duration: write @"2026-03-01", @"14:30:00", '
                '@"2026-03-01T14:30:00", @"P10D" or @"P3M".',
            )
        return value

    def _call(self, name: Token) -> n.Node:
        return n.Call(name.position, name.text, *self._arguments(name.text))

    def _arguments(self, name: str) -> tuple[tuple[n.Node, ...], tuple[str, ...] | None]:
        """What stands in the brackets of a call, and the names of the parameters, if written."""
        position = self._advance().position
        arguments: list[n.Node] = []
        labels: list[str] = []
        while not self._is(")"):
            label = self._label()
            if label is not None:
                labels.append(label)
            arguments.append(self.expression())
            if not self._accept(","):
                break
        self._take(")")
        if labels and len(labels) != len(arguments):
            raise FeelError(position, f"Name all arguments of {name}, or none.")
        if len(set(labels)) != len(labels):
            raise FeelError(position, f"An argument of {name} is named twice.")
        return tuple(arguments), tuple(labels) or None

    def _label(self) -> str | None:
        at = self.at
        while self.found[at].kind == "name":
            at += 1
        if at == self.at or self.found[at].text != ":" or self.found[at].kind != "sign":
            return None
        words = " ".join(token.text for token in self.found[self.at : at])
        self.at = at + 1
        return words

    def _parenthesis(self, opening: Token) -> n.Node:
        token = self._token
        if token.kind == "sign" and token.text in COMPARISONS - {"!="}:
            self.at += 1
            edge = self.sum()
            self._take(")")
            return _one_sided(opening.position, token.text, edge)
        inner = self.expression()
        if self._is(".."):
            return self._range_from(opening.position, inner, included=False)
        self._take(")")
        return inner

    def _square(self, opening: Token) -> n.Node:
        if self._accept("]"):
            return n.ListOf(opening.position, ())
        items = [self.expression()]
        if self._is(".."):
            return self._range_from(opening.position, items[0], included=True)
        while self._accept(","):
            items.append(self.expression())
        self._take("]")
        return n.ListOf(opening.position, tuple(items))

    def _open_square(self, opening: Token) -> n.Node:
        start = self.sum()
        if not self._is(".."):
            self._fail("A range that begins with ] needs two dots: ]1..5].")
        return self._range_from(opening.position, start, included=False)

    def _range_from(self, position: int, start: n.Node, *, included: bool) -> n.Node:
        self._take("..")
        self.range_end = True
        end = self.sum()
        self.range_end = False
        closing = self._token
        if closing.kind != "sign" or closing.text not in ("]", ")", "["):
            self._fail("A range ends with ] when its end belongs to it, with ) when not.")
        self.at += 1
        return n.RangeOf(position, start, end, included, closing.text == "]")

    def _curly(self, opening: Token) -> n.Node:
        entries: list[tuple[str, n.Node]] = []
        while not self._is("}"):
            place = self._token.position
            key = self._entry_key()
            if " " in key:
                self.of_several_words.add(key)
            if key in (known for known, _ in entries):
                raise FeelError(place, f"The entry {key} stands twice in this context.")
            entries.append((key, self.expression()))
            if not self._accept(","):
                break
        self._take("}")
        return n.ContextOf(opening.position, tuple(entries))

    def _entry_key(self) -> str:
        if self._token.kind == "string":
            key = str(self._token.value)
            self.at += 1
            self._take(":")
            return key
        label = self._label()
        if label is None:
            self._fail("An entry of a context is written name: value.")
        return label

    def if_(self) -> n.Node:
        """`if condition then value else value`."""
        position = self._advance().position
        condition = self.expression()
        self._take_word("then", "if needs then and else.")
        then = self.expression()
        self._take_word("else", "if needs else: say what the value is otherwise.")
        return n.If(position, condition, then, self.expression())

    def loop(self) -> n.Node:
        """`for`, `some` and `every`."""
        word = self._advance()
        iterators = [self._iterator()]
        while self._accept(","):
            iterators.append(self._iterator())
        closing = "return" if word.text == "for" else "satisfies"
        self._take_word(closing, f"{word.text} needs {closing}.")
        return n.Loop(word.position, word.text, tuple(iterators), self.expression())

    def _iterator(self) -> n.Iterator:
        token = self._token
        if token.kind != "name":
            self._fail("A loop names its variable: for item in list.")
        name = self._new_name("")
        self._take_word("in", "A loop needs in: for item in list.")
        source = self.expression()
        end = self.expression() if self._accept("..") else None
        return n.Iterator(token.position, name, source, end)

    def function(self) -> n.Node:
        """`function(a, b) body`."""
        position = self._advance().position
        self._take("(")
        parameters: list[str] = []
        while self._token.kind == "name":
            parameters.append(self._new_name(""))
            if self._accept(":"):
                self._type()
            if not self._accept(","):
                break
        self._take(")")
        if self._token.text == "external":
            self._fail("Functions of other languages are not run: write the function in FEEL.")
        return n.FunctionOf(position, tuple(parameters), self.expression())


def _one_sided(position: int, sign: str, edge: n.Node) -> n.Node:
    nothing = n.Literal(position, None)
    included = "=" in sign
    if sign == "=":
        return n.RangeOf(position, edge, edge, True, True)
    if sign.startswith("<"):
        return n.RangeOf(position, nothing, edge, False, included)
    return n.RangeOf(position, edge, nothing, included, False)


_CONSTANTS = {"true": True, "false": False, "null": None}
_SPECIAL: dict[str, Callable[[Primaries], n.Node]] = {
    "if": Primaries.if_,
    "for": Primaries.loop,
    "some": Primaries.loop,
    "every": Primaries.loop,
    "function": Primaries.function,
}
_BRACKETS: dict[str, Callable[[Primaries, Token], n.Node]] = {
    "(": Primaries._parenthesis,
    "[": Primaries._square,
    "]": Primaries._open_square,
    "{": Primaries._curly,
}
