"""Reads tokens into the parts of an expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from feel import nodes as n
from feel.errors import FeelError
from feel.lexer import Token
from feel.limits import MAX_NESTING
from feel.temporal import moment

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_ORDERINGS = COMPARISONS - {"=", "!="}
_ARITHMETIC = {"+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_OR, _AND, _COMPARE, _ADD, _UNARY = 1, 2, 3, 4, 7
TYPES = (
    "years and months duration",
    "days and time duration",
    "date and time",
    *("number", "string", "boolean", "date", "time", "list", "context", "range", "function"),
    *("Any", "Null"),
)


class Parser:
    """One reading of one text."""

    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.at = 0
        self.nesting = 0
        self.range_end = False  # in the end of a range, `[` closes and does not filter

    # -- whole texts

    def whole_expression(self) -> n.Node:
        """The text as one expression."""
        if self._token.kind == "sign" and self._token.text in COMPARISONS:
            self._fail(f"An expression cannot begin with {self._token.text}.")
        expression = self.expression()
        self._expect_end()
        return expression

    def whole_tests(self) -> n.Tests:
        """The text as a cell of a decision table."""
        start = self._token.position
        if self._is("-") and self._ahead(1).kind == "end":
            return n.Tests(start, ())
        if self._token.text == "not" and self._closes_at_the_end(self.at + 1):
            self.at += 1
            self._take("(")
            tests = n.Tests(start, self._list_of_tests(), negated=True)
            self._take(")")
        else:
            tests = n.Tests(start, self._list_of_tests())
        self._expect_end()
        return tests

    def _list_of_tests(self) -> tuple[n.Node, ...]:
        items = [self._test()]
        while self._accept(","):
            items.append(self._test())
        return tuple(items)

    def _test(self) -> n.Node:
        token = self._token
        if token.kind == "sign" and token.text in COMPARISONS:
            self.at += 1
            return n.Test(token.position, token.text, self._operators(_ADD))
        return n.Test(token.position, None, self.expression())

    def _closes_at_the_end(self, at: int) -> bool:
        depth = 0
        for index in range(at, len(self.found)):
            text = self.found[index].text if self.found[index].kind == "sign" else ""
            depth += (text == "(") - (text == ")")
            if depth == 0:
                return index > at and self.found[index + 1].kind == "end"
        return False

    # -- expressions

    def expression(self) -> n.Node:
        """Any expression, up to a sign or word that cannot continue it."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            self._fail(f"More than {MAX_NESTING} parts stand inside each other: take them apart.")
        outer, self.range_end = self.range_end, False
        special = _SPECIAL.get(self._token.text) if self._token.kind == "keyword" else None
        parsed = special(self) if special else self._operators(_OR)
        self.range_end = outer
        self.nesting -= 1
        return parsed

    def _operators(self, lowest: int) -> n.Node:
        left = self._unary()
        while True:
            token = self._token
            if token.kind == "sign" and token.text in _ARITHMETIC:
                strength = _ARITHMETIC[token.text]
                if strength < lowest:
                    return left
                self.at += 1
                right = self._operators(strength + 1)
                left = n.Operation(token.position, token.text, left, right)
                continue
            joined = self._weaker(left, token, lowest)
            if joined is None:
                return left
            left = joined

    def _weaker(self, left: n.Node, token: Token, lowest: int) -> n.Node | None:
        """A comparison or a junction that continues `left`, if there is one."""
        if token.kind == "keyword" and token.text in ("and", "or"):
            strength = _AND if token.text == "and" else _OR
            return self._junction(left, token, strength) if strength >= lowest else None
        if lowest > _COMPARE:
            return None
        if token.kind == "sign" and token.text in COMPARISONS:
            return self._comparison(left, token)
        if token.kind == "keyword" and token.text == "between":
            return self._between(left, token)
        if token.kind == "keyword" and token.text == "in":
            self.at += 1
            return n.In(token.position, left, self._tests_after_in())
        if self._is_instance_of():
            self.at += 2
            return n.InstanceOf(token.position, left, self._type())
        return None

    def _junction(self, left: n.Node, token: Token, strength: int) -> n.Node:
        operands = [left]
        while self._token.kind == "keyword" and self._token.text == token.text:
            self.at += 1
            operands.append(self._operand(strength + 1))
        return n.Junction(token.position, token.text, tuple(operands))

    def _operand(self, strength: int) -> n.Node:
        if self._token.kind == "keyword" and self._token.text in _SPECIAL:
            return self.expression()
        return self._operators(strength)

    def _comparison(self, left: n.Node, token: Token) -> n.Node:
        if token.text in _ORDERINGS and isinstance(left, n.Operation) and left.sign in _ORDERINGS:
            self._fail(
                "Two comparisons cannot be chained: write x between 1 and 3, or x in [1..3]."
            )
        self.at += 1
        if token.text == "=" and self._is("="):
            self._fail("Equality is written with one sign: =.")
        return n.Operation(token.position, token.text, left, self._operand(_ADD))

    def _between(self, left: n.Node, token: Token) -> n.Node:
        self.at += 1
        low = self._operators(_ADD)
        self._take_word("and", "between needs two ends: between 1 and 3.")
        return n.Between(token.position, left, low, self._operators(_ADD))

    def _tests_after_in(self) -> n.Tests:
        token = self._token
        if token.kind == "sign" and token.text in COMPARISONS:
            return n.Tests(token.position, (self._test(),))
        if not self._is("("):
            return n.Tests(token.position, (n.Test(token.position, None, self._operators(_ADD)),))
        self.at += 1
        first = self._test()
        if self._is("..") and isinstance(first, n.Test) and first.sign is None:
            interval = self._range_from(token.position, first.operand, included=False)
            return n.Tests(token.position, (n.Test(token.position, None, interval),))
        items = [first]
        while self._accept(","):
            items.append(self._test())
        self._take(")")
        return n.Tests(token.position, tuple(items))

    def _unary(self) -> n.Node:
        token = self._token
        if not self._is("-"):
            return self._postfix(self._primary())
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            self._fail("Too many minus signs follow each other.")
        self.at += 1
        operand = self._unary()
        self.nesting -= 1
        return n.Negation(token.position, operand)

    def _postfix(self, left: n.Node) -> n.Node:
        while True:
            token = self._token
            if self._is("."):
                self.at += 1
                left = n.Path(token.position, left, self._key())
            elif self._is("[") and not self.range_end:
                self.at += 1
                left = n.Filter(token.position, left, self.expression())
                self._take("]")
            else:
                return left

    def _key(self) -> str:
        words = [self._word("The name of an entry must follow the dot.")]
        while self._token.kind == "name" and not self._is_instance_of():
            words.append(self._word(""))
        return " ".join(words)

    # -- primaries

    def _primary(self) -> n.Node:
        token = self._token
        if token.kind in ("number", "string"):
            self.at += 1
            return n.Literal(token.position, token.value)
        if token.kind == "moment":
            self.at += 1
            return n.Literal(token.position, self._moment(token))
        if token.kind == "keyword" and token.text in _CONSTANTS:
            self.at += 1
            return n.Literal(token.position, _CONSTANTS[token.text])
        if token.kind == "name":
            self.at += 1
            return self._call(token) if self._is("(") else n.Name(token.position, token.text)
        opened = _BRACKETS.get(token.text) if token.kind == "sign" else None
        if opened is None:
            self._fail(f"A value is missing before {token.text}.")
        self.at += 1
        return opened(self, token)

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
        self.at += 1
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
            raise FeelError(name.position, f"Name all arguments of {name.text}, or none.")
        if len(set(labels)) != len(labels):
            raise FeelError(name.position, f"An argument of {name.text} is named twice.")
        return n.Call(name.position, name.text, tuple(arguments), tuple(labels) or None)

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
            edge = self._operators(_ADD)
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
        start = self._operators(_ADD)
        if not self._is(".."):
            self._fail("A range that begins with ] needs two dots: ]1..5].")
        return self._range_from(opening.position, start, included=False)

    def _range_from(self, position: int, start: n.Node, *, included: bool) -> n.Node:
        self._take("..")
        self.range_end = True
        end = self._operators(_ADD)
        self.range_end = False
        closing = self._token
        if closing.kind != "sign" or closing.text not in ("]", ")", "["):
            self._fail("A range ends with ] when its end belongs to it, with ) when not.")
        self.at += 1
        return n.RangeOf(position, start, end, included, closing.text == "]")

    def _curly(self, opening: Token) -> n.Node:
        entries: list[tuple[str, n.Node]] = []
        while not self._is("}"):
            key = self._entry_key()
            if key in (known for known, _ in entries):
                self._fail(f"The entry {key} stands twice in this context.")
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

    # -- words

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
        name = self._word("A loop names its variable: for item in list.")
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
            parameters.append(self._advance().text)
            if self._accept(":"):
                self._type()
            if not self._accept(","):
                break
        self._take(")")
        if self._token.text == "external":
            self._fail("External functions are not run: write the function in FEEL.")
        return n.FunctionOf(position, tuple(parameters), self.expression())

    def _type(self) -> str:
        for name in TYPES:
            words = name.split()
            if [token.text for token in self.found[self.at : self.at + len(words)]] == words:
                self.at += len(words)
                if self._is("<"):
                    self._fail("Types of items are not checked: write the type without <...>.")
                return name
        self._fail(f"{self._token.text} is no type. Types are {', '.join(TYPES)}.")

    # -- tokens

    @property
    def _token(self) -> Token:
        return self.found[self.at]

    def _ahead(self, count: int) -> Token:
        return self.found[min(self.at + count, len(self.found) - 1)]

    def _advance(self) -> Token:
        token = self._token
        self.at += 1
        return token

    def _is(self, sign: str) -> bool:
        token = self._token
        return token.text == sign and token.kind == "sign"

    def _is_instance_of(self) -> bool:
        return self._token.text == "instance" and self._ahead(1).text == "of"

    def _accept(self, sign: str) -> bool:
        if self._is(sign):
            self.at += 1
            return True
        return False

    def _take(self, sign: str) -> None:
        if not self._accept(sign):
            self._fail(f"{sign} is expected before {self._token.text}.")

    def _take_word(self, word: str, words: str) -> None:
        if self._token.kind != "keyword" or self._token.text != word:
            self._fail(words)
        self.at += 1

    def _word(self, words: str) -> str:
        if self._token.kind not in ("name", "keyword"):
            self._fail(words)
        return self._advance().text

    def _expect_end(self) -> None:
        token = self._token
        if token.kind == "end":
            return
        if token.kind == "name":
            self._fail(f"{token.text} follows a value: is an and, or or a sign missing before it?")
        self._fail(f"The expression ends before {token.text}.")

    def _fail(self, words: str) -> NoReturn:
        raise FeelError(self._token.position, words)


def _one_sided(position: int, sign: str, edge: n.Node) -> n.Node:
    nothing = n.Literal(position, None)
    included = "=" in sign
    if sign == "=":
        return n.RangeOf(position, edge, edge, True, True)
    if sign.startswith("<"):
        return n.RangeOf(position, nothing, edge, False, included)
    return n.RangeOf(position, edge, nothing, included, False)


_CONSTANTS = {"true": True, "false": False, "null": None}
_SPECIAL: dict[str, Callable[[Parser], n.Node]] = {
    "if": Parser.if_,
    "for": Parser.loop,
    "some": Parser.loop,
    "every": Parser.loop,
    "function": Parser.function,
}
_BRACKETS: dict[str, Callable[[Parser, Token], n.Node]] = {
    "(": Parser._parenthesis,
    "[": Parser._square,
    "]": Parser._open_square,
    "{": Parser._curly,
}
