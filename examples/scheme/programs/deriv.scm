;;; Derivatives of formulas, and their values: short-lived lists and a table of closures.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 20 (string->number (car arguments)))))

(define rules '())

(define (rule! operator derive)
  (set! rules (cons (cons operator derive) rules)))

(define (derivative formula)
  (cond ((number? formula) 0)
        ((symbol? formula) (if (eq? formula 'x) 1 0))
        (else
          (let ((found (assq (car formula) rules)))
            (if found
                ((cdr found) (cdr formula))
                (error "no rule for" (car formula)))))))

(rule! '+ (lambda (terms) (cons '+ (map derivative terms))))
(rule! '- (lambda (terms) (cons '- (map derivative terms))))
(rule! '*
  (lambda (factors)
    (let ((product (cons '* factors)))
      `(* ,product (+ ,@(map (lambda (factor) `(/ ,(derivative factor) ,factor)) factors))))))
(rule! '/
  (lambda (parts)
    (let ((over (car parts)) (under (cadr parts)))
      `(/ (- (* ,(derivative over) ,under) (* ,over ,(derivative under))) (* ,under ,under)))))

(define (value formula x)
  (cond ((number? formula) formula)
        ((symbol? formula) x)
        (else
          (apply (case (car formula) ((+) +) ((-) -) ((*) *) ((/) /))
                 (map (lambda (part) (value part x)) (cdr formula))))))

(define formula '(+ (* 3 x x) (* a x x) (* b x) 5))

(do ((round 1 (+ round 1))) ((= round size))
  (derivative (derivative formula)))

(write (derivative formula))
(newline)
(write (value (derivative '(- (* x x x) (/ 6 x))) 2.0))
(newline)
