from package import *
from package import name as bound, other  #: import
print(bound, name, other, star)  # bound -> import  other -> import
import a.b.c  #: dotted
import d.e as f  #: renamed
print(a, b, d, e, f)  # a -> dotted  f -> renamed
try: pass
except (ValueError, OSError) as error:  #: error
    print(error)  # error -> error
with open(a) as (one, [two, *three]), one as four:  #: with  a -> dotted  one -> with
    print(one, two, three, four)  # one -> with  two -> with  three -> with  four -> with
match f:  # f -> renamed
    case {"key": value, **rest}:  #: mapping
        print(value, rest)  # value -> mapping  rest -> mapping
    case [first, *others] as whole if first:  #: sequence  first -> sequence
        print(first, others, whole)  # first -> sequence  others -> sequence  whole -> sequence
    case a.constant | a.Class(1, key=2): pass  # a -> dotted
    case a.Class(attribute, key=captured):  #: class  a -> dotted
        print(attribute, captured, key)  # attribute -> class  captured -> class
    case str() as text: print(text)  #: text  text -> text
    case capture: print(capture)  #: capture  capture -> capture
for i, (j, *k) in f: print(i, j, k)  #: for  f -> renamed  i -> for  j -> for  k -> for
del i
print(i)  # i -> for
type(f).attribute = i  # f -> renamed  i -> for
@f.decorate(lambda i: i)  #: decorator  f -> renamed  i -> decorator
def decorated(): return decorated  #: decorated  decorated -> decorated
print(f"{i!r:>{j}} {[m for m in k]}")  #: string  i -> for  j -> for  m -> string  k -> for
try: pass
except* TypeError as group: print(group)  #: group  group -> group
