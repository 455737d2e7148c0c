" The log of a branch: an id, a time, a kind, and what it is about.
if exists('b:current_syntax')
  finish
endif
syntax match shepherdHeader /\%1l.*/
syntax match shepherdId /^\s*\zs\x\{8}\ze  /
syntax match shepherdTime /\d\d-\d\d \d\d:\d\d:\d\d/
syntax match shepherdIntent /\<\(tool\|model\)_call\>/
syntax match shepherdOutcome /\<\(tool\|model\)_result\>/
syntax match shepherdMessage /\<\(message\|thought\|observation\)\> /
syntax match shepherdRuled /\<intervention\>.*/
syntax match shepherdBad /\<\(denied by\|failed\|error\)\>.*/
highlight default link shepherdHeader Title
highlight default link shepherdId Identifier
highlight default link shepherdTime Comment
highlight default link shepherdIntent Function
highlight default link shepherdOutcome Type
highlight default link shepherdMessage String
highlight default link shepherdRuled WarningMsg
highlight default link shepherdBad ErrorMsg
let b:current_syntax = 'shepherd'
