# Answers a plan of `soundings estimate` with R's survey package: Rscript expected.R DATA PLAN OUT
# Run with LC_COLLATE=C, so that levels stand in the order of code points. Logistic models run to
# full convergence; calibration and raking to the last digits.
suppressMessages({library(survey); library(jsonlite)})
options(digits=17, warn=-1)
args <- commandArgs(TRUE); dataf<-args[1]; planf<-args[2]; outf<-args[3]
data <- read.csv(dataf, na.strings=c("","NA"), check.names=FALSE, stringsAsFactors=FALSE, colClasses=NA)
for (v in names(data)) if (is.logical(data[[v]]) && !all(is.na(data[[v]]))) data[[v]] <- as.character(data[[v]])
plan <- fromJSON(planf, simplifyVector=FALSE)
U <- function(x) if (is.null(x)) NULL else unlist(x)
J <- function(x) unname(as.vector(x))
bq <- function(v) paste0("`",v,"`")
fm <- function(v) as.formula(paste0("~",paste(bq(v),collapse="+")))
setlonely <- function(f){ options(survey.lonely.psu=if(is.null(f$lonely_psu)) "fail" else f$lonely_psu, survey.adjust.domain.lonely=isTRUE(f$adjust_domain_lonely)) }
mk <- function(f) {
  a <- list(data=data)
  a$ids <- if (length(f$ids)) fm(U(f$ids)) else ~1
  if (length(f$strata)) a$strata <- fm(U(f$strata))
  if (!is.null(f$weights)) a$weights <- fm(f$weights)
  if (length(f$fpc)) a$fpc <- fm(U(f$fpc))
  if (isTRUE(f$nest)) a$nest <- TRUE
  r <- f$replicates
  if (!is.null(r) && !is.null(r$columns)) {
    cols <- U(r$columns); if (length(cols)==1 && grepl("\\*$",cols)) cols <- grep(paste0("^",sub("\\*$","",cols)),names(data),value=TRUE)
    a <- list(data=data, repweights=as.matrix(data[,cols]), type=r$type, combined.weights=if(is.null(r$combined)) TRUE else r$combined)
    if (!is.null(f$weights)) a$weights <- fm(f$weights)
    if (!is.null(r$scale)) a$scale<-r$scale
    if (!is.null(r$rscales)) a$rscales<-U(r$rscales)
    if (!is.null(r$rho)) a$rho<-r$rho
    if (isTRUE(r$mse)) a$mse<-TRUE
    if (r$type %in% c("bootstrap") && is.null(r$scale)) {}
    d <- do.call(svrepdesign,a)
  } else {
    d <- do.call(svydesign,a)
    if (!is.null(r)) { b<-list(design=d,type=r$type); if(!is.null(r$rho)) b$fay.rho<-r$rho; if(isTRUE(r$mse)) b$mse<-TRUE; d<-do.call(as.svrepdesign,b)}
  }
  for (s in f$weighting) d <- step(d,s)
  d }
step <- function(d,s) {
  if (s$kind=="poststratify") { by<-U(s$by); nm<-names(s$totals)
    if (length(by)==1) { fr<-setNames(data.frame(nm,Freq=as.numeric(U(s$totals)),stringsAsFactors=FALSE),c(by,"Freq")) } else { sp<-strsplit(nm,".",fixed=TRUE); fr<-as.data.frame(setNames(lapply(seq_along(by),function(i) sapply(sp,`[`,i)),by),stringsAsFactors=FALSE); fr$Freq<-as.numeric(U(s$totals)) }
    return(postStratify(d, fm(by), fr)) }
  if (s$kind=="rake") { ms<-lapply(names(s$margins),fm); po<-lapply(names(s$margins),function(m) setNames(data.frame(names(s$margins[[m]]),Freq=as.numeric(U(s$margins[[m]])),stringsAsFactors=FALSE),c(m,"Freq")))
    return(rake(d,ms,po,control=list(maxit=2000,epsilon=1e-15))) }
  if (s$kind=="calibrate") { t<-U(s$totals); mm<-model.matrix(as.formula(s$formula),model.frame(as.formula(s$formula),data)); t<-t[colnames(mm)]
    a<-list(d,as.formula(s$formula),t,calfun=if(is.null(s$calfun))"linear" else s$calfun, epsilon=1e-11,maxit=200); if(!is.null(s$bounds)) a$bounds<-U(s$bounds); if(!is.null(s$stage)) a$stage<-s$stage;if(isTRUE(s$bounds_const)) a$bounds.const<-TRUE
    return(do.call(calibrate,a)) }
  if (s$kind=="trim") { of<-if(is.null(s$of)) "one" else s$of; w<-weights(d,"sampling"); k<-switch(of,one=1,mean=mean(w),median=median(w)); return(trimWeights(d,upper=if(is.null(s$upper)) Inf else s$upper*k,lower=if(is.null(s$lower)) -Inf else s$lower*k,strict=isTRUE(s$strict))) }
  stop("step") }
dom <- function(d, w) { if (is.null(w)) return(d)
  if (is.character(w)) { e<-parse(text=w)[[1]]; r<-eval(e,d$variables); return(d[which(r %in% TRUE),]) }
  d[as.character(d$variables[[w$var]]) %in% as.character(U(w$equals)),] }
est <- function(m, df, deff=FALSE) { ci <- confint(m, df=if(df>0) df else Inf); cz<-confint(m)
 e<-list(estimate=J(coef(m)), se=J(SE(m)), df=df, ci95_low=if(df>0) J(ci[,1]), ci95_high=if(df>0)J(ci[,2]), ci95_normal_low=J(cz[,1]), ci95_normal_high=J(cz[,2]), cv=J(cv(m)), vcov=if(length(coef(m))>1) unname(as.matrix(vcov(m))) else J(vcov(m)))
 if (deff) { x<-survey::deff(m); e$deff<-if(is.matrix(x)) J(diag(x)) else J(x) }
 e }
isnum <- function(v) is.numeric(data[[v]])
dropna <- function(d,v) { k<-complete.cases(d$variables[,v,drop=FALSE]); if(all(k)) d else d[k,] }
one <- function(d, s, noby=FALSE) { k<-s$kind; by<-if(noby) NULL else U(s$by)
 v <- U(if(!is.null(s$vars)) s$vars else s$var)
 if (length(by) && k %in% c("mean","total","ratio","variance","proportion","quantile","proportion_ci","nps","expression","glm","chisq","cronbach_alpha")) return(byres(d,s,by))
 if (k %in% c("mean","total","proportion")) {
   cat <- k=="proportion" || isTRUE(s$levels) || !any(sapply(v,isnum))
   if (k=="proportion" && !is.null(s$equals)) { d$variables$.h<-as.numeric(as.character(d$variables[[v]])==as.character(s$equals)); v<-".h"; cat<-FALSE }
   if (cat) { for (x in v) d$variables[[x]]<-factor(d$variables[[x]],levels=sort(unique(data[[x]]))) }
   f<-if(k=="total") svytotal else svymean
   de<-if(identical(s$deff,"replace")) "replace" else TRUE
   m<-f(fm(v),d,deff=de,na.rm=TRUE)
   return(est(m,degf(d),TRUE)) }
 if (k=="ratio") { m<-svyratio(fm(U(s$numerator)),fm(U(s$denominator)),d,na.rm=TRUE,deff=!inherits(d,"svyrep.design")); e<-list(estimate=J(coef(m)),se=J(SE(m)),df=degf(d),ci95_low=J(confint(m,df=degf(d))[,1]),ci95_high=J(confint(m,df=degf(d))[,2])); x<-attr(m,"deff"); e$deff<-J(x); return(e) }
 if (k=="variance") { m<-svyvar(fm(v),d,na.rm=TRUE); if(length(v)==1) return(list(estimate=J(coef(m)),se=J(SE(m)))); n<-length(v); i<-(0:(n-1))*n+1:n; return(list(estimate=J(diag(as.matrix(m))),se=sqrt(J(diag(as.matrix(attr(m,"var"))))[i]))) }
 if (k=="quantile") { a<-list(fm(v),d,U(s$probs),na.rm=TRUE,interval.type=if(is.null(s$interval))"mean" else s$interval,qrule=if(is.null(s$qrule)) "math" else s$qrule); if(!is.null(s$df)) a$df<-s$df
   q<-do.call(svyquantile,a)[[1]]; return(list(estimate=J(q[,1]),ci95_low=J(q[,2]),ci95_high=J(q[,3]),se=J(q[,4]))) }
 if (k=="nps") { x<-d$variables[[v]]; d$variables$.p<-100*((x>=9)-(x<=6)); m<-svymean(~.p,d,na.rm=TRUE,deff=TRUE); e<-est(m,degf(d),TRUE); e$nps<-e$estimate; return(e) }
 if (k=="proportion_ci") { d<-dropna(d,v); df0<-degf(d); d$variables$.b<-if(is.null(s$equals)) d$variables[[v]] else as.numeric(as.character(d$variables[[v]])==as.character(s$equals))
   df<-if(is.null(s$df)) df0 else s$df; p<-svyciprop(~.b,d,method=if(is.null(s$method)) "logit" else s$method,df=df); return(list(estimate=J(coef(p)),ci95_low=J(confint(p)[1]),ci95_high=J(confint(p)[2]),se=sqrt(J(attr(p,"var"))))) }
 if (k=="difference") { ord<-U(s$order); key<-do.call(paste,c(lapply(by,function(b) as.character(d$variables[[b]])),sep="."));
   if(length(by)==1) key<-as.character(d$variables[[by]])
   key[!complete.cases(d$variables[,by,drop=FALSE])]<-NA
   if (is.null(ord)) { ord<-sort(unique(key)) }
   # joint via domain ratio
   Y<-d$variables[[v]]; cols<-character(0); fs<-list()
   for(i in seq_along(ord)) { a<-paste0(".y",i); b<-paste0(".g",i); ing<-as.numeric(key %in% ord[i] & !is.na(Y)); d$variables[[b]]<-ing; d$variables[[a]]<-ifelse(ing==1,Y,0); cols<-c(cols,a,b) }
   if (inherits(d,"svyrep.design")) t<-svytotal(fm(cols),d,return.replicates=TRUE) else t<-svytotal(fm(cols),d)
   ex<-setNames(lapply(seq_along(ord),function(i) parse(text=sprintf("`.y%d`/`.g%d`",i,i))[[1]]),ord)
   if (inherits(d,"svyrep.design")) {mm<-t; class(mm)<-"svrepstat"}
   m<-svycontrast(t,ex); con<-if(is.null(s$contrast)) c(-1,1) else U(s$contrast)
   V<-unname(as.matrix(vcov(m))); return(list(estimate=sum(con*J(coef(m))),se=sqrt(as.vector(con%*%V%*%con)),means=J(coef(m)),vcov=V)) }
 if (k=="expression") { return(exprres(d,s$expr)) }
 if (k=="table") { d<-dropna(d,c(s$row,s$col)); t<-svytable(fm(c(s$row,s$col)),d); t<-t[rowSums(t)>0,colSums(t)>0,drop=FALSE]; return(list(rows=rownames(t),cols=colnames(t),counts=unname(unclass(as.matrix(t))))) }
 if (k=="chisq") { h<-svychisq(fm(c(s$row,s$col)),d,statistic=if(is.null(s$statistic)) "F" else s$statistic); return(list(statistic=J(h$statistic),parameter=J(h$parameter),p=J(h$p.value))) }
 if (k=="ttest") { tt<-svyttest(as.formula(paste(bq(v),"~",bq(s$by))),d); return(list(t=J(tt$statistic),df=J(tt$parameter),p=J(tt$p.value),difference=J(tt$estimate),ci95_low=J(tt$conf.int)[1],ci95_high=J(tt$conf.int)[2])) }
 if (k=="ranktest") { b<-s$by; d$variables[[b]]<-factor(d$variables[[b]],levels=sort(unique(data[[b]]))); d<-dropna(d,c(v,b)); d$variables[[b]]<-factor(d$variables[[b]]); 
   rt<-svyranktest(as.formula(paste(bq(v),"~",bq(b))),d,test=if(is.null(s$test)) "wilcoxon" else s$test)
   if (nlevels(d$variables[[b]])==2) return(list(t=J(rt$statistic),df=J(rt$parameter),p=J(rt$p.value),difference=J(rt$estimate)))
   return(list(chisq=J(rt$parameter),ndf=J(rt$statistic),df=J(rt$ddf),p=J(rt$p.value))) }
 if (k=="glm") { fam<-switch(if(is.null(s$family)) "gaussian" else s$family,gaussian=gaussian(),quasibinomial=quasibinomial(),binomial=quasibinomial(),quasipoisson=quasipoisson(),poisson=quasipoisson())
   f<-as.formula(s$formula); g<-do.call(svyglm,list(f,design=d,family=fam,control=glm.control(epsilon=1e-15,maxit=100)))
   sm<-coef(summary(g)); e<-list(names=names(coef(g)),estimate=J(coef(g)),se=J(SE(g)),t=J(sm[,3]),p=if(ncol(sm)>3) J(sm[,4]),df_resid=g$df.residual,vcov=unname(vcov(g)))
   w<-tryCatch({r<-regTermTest(g,as.formula(paste("~",deparse(f[[3]],500)))); list(F=J(r$Ftest),df=r$df,ddf=r$ddf,p=J(r$p))},error=function(x) NULL); if(!is.null(w)) e$wald_F_all<-w
   return(e) }
 if (k=="cronbach_alpha") return(list(alpha=J(svycralpha(fm(v),d,na.rm=TRUE))))
 if (k %in% c("rake","poststratify","calibrate")) { e<-step(d,s); w<-weights(e,"sampling"); r<-list(weights=J(w),weights_sum=sum(w),kish_deff=length(w)*sum(w^2)/sum(w)^2,n_eff=sum(w)^2/sum(w^2)); if(length(v)) r$mean<-est(svymean(fm(v),e,na.rm=TRUE,deff=TRUE),degf(e),TRUE); return(r) }
 stop("kind ",k) }
exprres <- function(d,text) { e<-parse(text=text)[[1]]; leaves<-list()
  walk<-function(x) { if(is.call(x)) { h<-as.character(x[[1]]); if(h %in% c("mean","total","ratio")) { key<-paste(deparse(x,500),collapse=""); if(is.null(leaves[[key]])) leaves[[key]]<<-x; i<-which(names(leaves)==key); 
      if(h=="ratio") return(parse(text=sprintf("(`.a%d`/`.b%d`)",i,i))[[1]]); if(h=="mean") return(parse(text=sprintf("(`.a%d`/`.b%d`)",i,i))[[1]]); return(as.name(sprintf(".a%d",i))) }
    for(i in seq_along(x)[-1]) x[[i]]<-walk(x[[i]]) }; x }
  t<-walk(e); cols<-character(0)
  for(i in seq_along(leaves)) { x<-leaves[[i]]; h<-as.character(x[[1]]); a<-as.numeric(eval(x[[2]],d$variables)); b<-if(h=="ratio") as.numeric(eval(x[[3]],d$variables)) else rep(1,length(a)); ok<-!is.na(a)&!is.na(b); d$variables[[paste0(".a",i)]]<-ifelse(ok,a,0); d$variables[[paste0(".b",i)]]<-ifelse(ok,b,0); cols<-c(cols,paste0(".a",i),paste0(".b",i)) }
  m<-if(inherits(d,"svyrep.design")) svytotal(fm(cols),d,return.replicates=TRUE) else svytotal(fm(cols),d)
  k<-svycontrast(m,t); list(estimate=J(coef(k)),se=J(SE(k))) }
byres <- function(d,s,by) { key<-lapply(by,function(b) {x<-d$variables[[b]]; factor(x,levels=sort(unique(data[[b]])))}); it<-interaction(key,drop=TRUE,lex.order=FALSE); lv<-levels(it)
  w<-if(inherits(d,"svyrep.design")) d$pweights else 1/d$prob
  lv<-lv[lv %in% unique(as.character(it[w>0]))]
  rows<-lapply(lv,function(l) { sub<-d[which(it==l),]; r<-tryCatch(one(sub,s,TRUE),error=function(e) list(error=conditionMessage(e))); r$level<-l; r })
  list(levels=rows) }
cache<-list(); res<-list()
for (c in plan$cases) { nm<-c$design
  r<-tryCatch({ if (is.null(nm)) {d<-svydesign(~1,data=data)} else {
     setlonely(plan$designs[[nm]]); if (is.null(cache[[nm]])) cache[[nm]]<-mk(plan$designs[[nm]]); d<-cache[[nm]] }
     d<-dom(d,c$stat$subpopulation); one(d,c$stat) }, error=function(e) list(error=conditionMessage(e)))
  res[[c$id]]<-r }
write(toJSON(list(cases=res),auto_unbox=TRUE,digits=NA,null="null",na="null"),outf)
