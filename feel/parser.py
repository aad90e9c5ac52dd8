"""Reads tokens into the parts of an expression."""

from __future__ import annotations

from feel import nodes as n
from feel.errors import FeelError
from feel.lexer import Token
from feel.primaries import COMPARISONS, Primaries

_ORDERINGS = COMPARISONS - {"=", "!="}
_ARITHMETIC = {"+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_OR, _AND, _COMPARE, _ADD = 1, 2, 3, 4


class Parser(Primaries):
    """One reading of one text."""

    def sum(self) -> n.Node:
        """Anything that binds at least as strongly as a plus sign."""
        return self._operators(_ADD)

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
        denied = self._denied() if self._token.text == "not" else None
        if denied is None:
            tests = n.Tests(start, self._list_of_tests())
        else:
            tests = n.Tests(start, denied, negated=True)
        self._expect_end()
        return tests

    def _denied(self) -> tuple[n.Node, ...] | None:
        """The tests in `not(...)`; None if the cell only begins so, as in `not(?) and (a)`."""
        before = self.at, self.nesting
        try:
            self.at += 1
            self._take("(")
            tests = self._list_of_tests()
            self._take(")")
            self._expect_end()
        except FeelError:
            (self.at, self.nesting), self.range_end = before, False
            return None
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

    # -- expressions

    def expression(self) -> n.Node:
        """Any expression, up to a sign or word that cannot continue it."""
        self._deeper()
        outer, self.range_end = self.range_end, False
        parsed = self._operators(_OR)
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
            operands.append(self._operators(strength + 1))
        return n.Junction(token.position, token.text, tuple(operands))

    def _comparison(self, left: n.Node, token: Token) -> n.Node:
        if token.text in _ORDERINGS and isinstance(left, n.Operation) and left.sign in _ORDERINGS:
            self._fail(
                "Two comparisons cannot be chained: write x between 1 and 3, or x in [1..3]."
            )
        self.at += 1
        if token.text == "=" and self._is("="):
            self._fail("Equality is written with one sign: =.")
        return n.Operation(token.position, token.text, left, self._operators(_ADD))

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
        self._deeper()
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
            elif self._is("(") and isinstance(left, n.Path | n.FunctionOf | n.Application):
                left = n.Application(token.position, left, *self._arguments("this function"))
            else:
                return left

    def _key(self) -> str:
        words = [self._word("The name of an entry must follow the dot.")]
        while self._token.kind == "name" and not self._is_instance_of():
            words.append(self._word(""))
        return " ".join(words)
