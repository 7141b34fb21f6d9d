count = 0  #: count
def add():
    global count, made
    count = count + 1  # count -> count
    made = 1  #: made
    def inner():  #: inner
        return count  # count -> count
    def shadow(count):  #: shadow
        return count  # count -> shadow
    return [count for made in count]  # count -> count
print(made)  # made -> made
def outer():
    count = 1  #: outer-count
    state = 0  #: state
    def declared():
        global count
        return count  # count -> count
    def inner():
        nonlocal state
        state = count  # count -> outer-count
        class Body:
            nonlocal state
            state = 2
            seen = state  # state -> state
            def method(self): return state  # state -> state
        return state  # state -> state
    class Global:
        global count, later
        count = 5
        later = count  #: later  count -> count
        def method(self): return count  # count -> outer-count
    return state  # state -> state
def deep():
    count = 2
    def one():
        global count
        def two():
            return count  # count -> count
        def three():
            count = 3  #: three
            return count  # count -> three
        class Body:
            seen = count  # count -> count
    global unknown
    return unknown, later  # later -> later
def shadowed():
    hidden = 1
    def one():
        global hidden
        return hidden
def defines():
    global function, module
    def function(): pass  #: function
    import module  #: module
print(function, module)  # function -> function  module -> module
def early():
    global table
    table = 1
table = 2  #: table
print(table)  # table -> table
global loose
loose = 1  #: loose
print(loose)  # loose -> loose
